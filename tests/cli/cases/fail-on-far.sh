unslow why --fail-on cause:zebra a.rec
