# LD_PRELOAD cannot carry a blank or a colon: the agent is reached through a link.
unslow=$(readlink -f "$(command -v unslow)")
mkdir -p 'in a: b/agent'
cp "$unslow" 'in a: b/unslow'
cp "$(dirname "$unslow")"/agent/libunslow-agent.so 'in a: b/agent/' 2>/dev/null ||
	cp "$(dirname "$unslow")"/src/agent/libunslow-agent.so 'in a: b/agent/'
'in a: b/unslow' run --no-answer -q -o a.rec -- sh -c 'case $LD_PRELOAD in *" "*) echo blank ;; */libunslow-agent.so) echo link ;; esac'
