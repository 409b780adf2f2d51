# Completion of unslow for fish; the program's own table says what there is.
function __unslow_verb
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; or begin
            echo $word
            return
        end
    end
end
function __unslow_complete
    set -l verb (__unslow_verb)
    if string match -q -- '-*' (commandline -ct)
        unslow __complete 2>/dev/null | awk -F '\t' -v verb="$verb" \
            '$1 == "option" && ($2 == "" || $2 == verb) { print $3 "\t" $NF }'
    else if test -z "$verb"
        unslow __complete 2>/dev/null | awk -F '\t' '$1 == "verb" { print $2 "\t" $3 }'
    end
end
complete -c unslow -a '(__unslow_complete)'
