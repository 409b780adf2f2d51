# The program without its agent beside it.
cp "$(readlink -f "$(command -v unslow)")" alone
./alone run --no-answer -o a.rec -- echo the app runs
