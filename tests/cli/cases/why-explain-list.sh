unslow why --explain | cut -c1-90
