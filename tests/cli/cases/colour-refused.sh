NO_COLOR=1 CLICOLOR_FORCE=1 unslow run -- unslow-no-such-command
