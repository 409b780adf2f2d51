# What was preloaded stays, and stays first.
libc=$(ldd "$(command -v sh)" | awk '/libc\./ { print $3 }')
LD_PRELOAD=$libc unslow run --no-answer -q -o a.rec -- sh -c 'echo "$LD_PRELOAD"' > out
sed "s,^$libc:.*/libunslow-agent.so\$,kept:agent," out
