# Where no file can be made, not even by root, the recording goes to the state directory.
cd /proc
unslow run --no-agent --no-answer -q --name app -- true
ls "$XDG_STATE_HOME/unslow"
