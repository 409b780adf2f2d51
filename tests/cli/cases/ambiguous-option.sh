unslow why --ve
