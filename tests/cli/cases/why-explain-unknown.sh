unslow why --explain no-such-cause
