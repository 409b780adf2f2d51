unslow load -R 1001 http://192.0.2.1/; unslow load --closed http://192.0.2.1/; unslow load --ramp 1:5000 http://192.0.2.1/
