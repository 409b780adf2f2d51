# Completion of unslow for bash; the program's own table says what there is.
_unslow() {
	local word=${COMP_WORDS[COMP_CWORD]} verb= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--) COMPREPLY=($(compgen -c -f -- "$word")); return ;;
		-*) ;;
		*) [ -n "$verb" ] || verb=${COMP_WORDS[i]} ;;
		esac
	done
	if [[ $word == -* ]]; then
		COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" __complete 2>/dev/null |
			awk -F '\t' -v verb="$verb" \
				'$1 == "option" && ($2 == "" || $2 == verb) { print $3 }')" -- "$word"))
	elif [[ -z $verb ]]; then
		COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" __complete 2>/dev/null |
			awk -F '\t' '$1 == "verb" { print $2 }')" -- "$word"))
	else
		COMPREPLY=($(compgen -f -- "$word"))
	fi
}
complete -o filenames -F _unslow unslow
