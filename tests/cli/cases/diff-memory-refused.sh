# What has no sampled heap, and options that go with it alone.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow diff a.rec a.rec --memory
unslow diff a.rec a.rec --by file
unslow diff a.rec a.rec --memory --fail-on 'p99>+5%'
