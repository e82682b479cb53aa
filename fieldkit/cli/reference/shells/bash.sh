# Completion of fieldkit for bash 3.2 and newer; made by “fieldkit completion bash”.

# Sets what is known at a command: the commands below it, its options, those that take a value.
_fieldkit_at() {
    case "$1" in
@COMMANDS@
    *) return 1 ;;
    esac
}

# Sets what is known of a value: “COMMAND --option” or “COMMAND #place”.
_fieldkit_value() {
    words='' paths=''
    case "$1" in
@VALUES@
    *) return 1 ;;
    esac
}

_fieldkit() {
    local cur="${COMP_WORDS[COMP_CWORD]}" at='' option='' place=1 i word
    local commands options valued words paths
    COMPREPLY=()
    _fieldkit_at ''
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        if [[ "$word" == '=' ]]; then
            continue
        elif [[ -n "$option" ]]; then
            option=''
        elif [[ "$word" == -* ]]; then
            [[ " $valued " == *" $word "* ]] && option="$word"
        elif [[ "$at$word" == help ]]; then
            continue
        elif [[ " $commands " == *" $word "* ]]; then
            at="${at:+$at }$word"
            _fieldkit_at "$at"
        else
            ((place++))
        fi
    done
    [[ "$cur" == '=' ]] && cur=''
    if [[ -n "$option" ]]; then
        _fieldkit_value "$at $option"
    elif [[ "$cur" == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$cur"))
        return
    else
        _fieldkit_value "$at #$place"
        words="$commands $words"
    fi
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    if [[ "$paths" == folder ]]; then
        COMPREPLY+=($(compgen -d -- "$cur"))
    elif [[ "$paths" == file ]]; then
        COMPREPLY+=($(compgen -f -- "$cur"))
    fi
    [[ -n "$paths" ]] && compopt -o filenames 2>/dev/null
    return 0
}

complete -F _fieldkit fieldkit
