# Completion of fieldkit for fish; made by “fieldkit completion fish”.

# Sets what is known at a command: the commands below it, its options, those that take a value.
function __fieldkit_at
    switch "$argv[1]"
@COMMANDS@
    end
end

# Sets what is known of a value: “COMMAND --option” or “COMMAND #place”.
function __fieldkit_value
    set -g __fieldkit_words
    set -g __fieldkit_paths ''
    switch "$argv[1]"
@VALUES@
    end
end

function __fieldkit_complete
    set -l typed (commandline -opc)
    set -l cur (commandline -ct)
    set -l at ''
    set -l option ''
    set -l place 1
    __fieldkit_at ''
    for word in $typed[2..-1]
        if test -n "$option"
            set option ''
        else if string match -q -- '-*' $word
            contains -- $word $__fieldkit_valued; and set option $word
        else if test "$at$word" = help
            continue
        else if string match -q -- "$word"\t'*' $__fieldkit_commands
            set at (string trim -- "$at $word")
            __fieldkit_at "$at"
        else
            set place (math $place + 1)
        end
    end
    set -l before ''
    if test -z "$option"; and string match -q -- '--*=*' $cur
        set option (string split -m 1 -f 1 = -- $cur)
        set before "$option="
        set cur (string split -m 1 -f 2 = -- $cur)
    end
    if test -n "$option"
        __fieldkit_value "$at $option"
    else if string match -q -- '-*' $cur
        printf '%s\n' $__fieldkit_options
        return
    else
        __fieldkit_value "$at #$place"
        set -q __fieldkit_commands[1]; and printf '%s\n' $__fieldkit_commands
    end
    set -q __fieldkit_words[1]; and printf "$before%s\n" $__fieldkit_words
    test "$__fieldkit_paths" = folder; and __fish_complete_directories "$cur"
    test "$__fieldkit_paths" = file; and __fish_complete_path "$cur"
    return 0
end

complete -c fieldkit -f -a '(__fieldkit_complete)'
