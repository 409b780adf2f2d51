unslow export xml
