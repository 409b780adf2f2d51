unslow run -- unslow-no-such-command; echo $?; ls
