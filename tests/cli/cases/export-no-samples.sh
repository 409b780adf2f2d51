# Why there is nothing to export, before a file is made or what was there is gone; a link stays one, a file's mode stays.
unslow run --no-agent --no-answer -q -o a.rec -- true
unslow export svg a.rec -o a.svg
echo kept >kept
unslow export pprof a.rec -o kept
cat kept
chmod 640 kept
ln -s kept link
unslow export json -q a.rec -o link
head -c 1 kept
stat -c ' %a %F' link kept
ls
unslow export json --clock cpu a.rec
