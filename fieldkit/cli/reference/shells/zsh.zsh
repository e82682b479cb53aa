#compdef fieldkit
# Completion of fieldkit for zsh; made by “fieldkit completion zsh”.

# Sets what is known at a command: the commands below it, its options, those that take a value.
_fieldkit_at() {
    case "$1" in
@COMMANDS@
    *) return 1 ;;
    esac
}

# Sets what is known of a value: “COMMAND --option” or “COMMAND #place”.
_fieldkit_value() {
    values=() paths=''
    case "$1" in
@VALUES@
    *) return 1 ;;
    esac
}

_fieldkit() {
    local at='' option='' word valued paths cur="$PREFIX"
    local -a typed commands options values
    local -i i place=1
    typed=("${(@)words[2,CURRENT-1]}")
    _fieldkit_at ''
    for word in "${typed[@]}"; do
        if [[ -n "$option" ]]; then
            option=''
        elif [[ "$word" == -* ]]; then
            [[ " $valued " == *" $word "* ]] && option="$word"
        elif [[ "$at$word" == help ]]; then
            continue
        elif (( ${commands[(I)${word}:*]} )); then
            at="${at:+$at }$word"
            _fieldkit_at "$at"
        else
            (( place++ ))
        fi
    done
    if [[ -z "$option" && "$cur" == --*=* ]]; then
        option="${cur%%=*}"
        compset -P '*='
    fi
    if [[ -n "$option" ]]; then
        _fieldkit_value "$at $option"
    elif [[ "$cur" == -* ]]; then
        _describe -o option options
        return
    else
        _fieldkit_value "$at #$place"
        (( $#commands )) && _describe command commands
    fi
    (( $#values )) && compadd -- "${values[@]}"
    [[ "$paths" == folder ]] && _files -/
    [[ "$paths" == file ]] && _files
    return 0
}

if [[ "$funcstack[1]" == _fieldkit ]]; then
    _fieldkit "$@"
else
    compdef _fieldkit fieldkit
fi
