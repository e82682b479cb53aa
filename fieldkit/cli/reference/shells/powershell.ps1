# Completion of fieldkit for PowerShell 5.1 and newer; made by “fieldkit completion powershell”.

# What is known at a command: the commands below it and its options, each with its help and
# whether it takes a value.
$script:FieldkitAt = @{
@COMMANDS@
}

# What is known of a value: “COMMAND --option” or “COMMAND #place”.
$script:FieldkitValue = @{
@VALUES@
}

Register-ArgumentCompleter -Native -CommandName fieldkit -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $at = ''
    $option = ''
    $place = 1
    $known = $script:FieldkitAt[$at]
    $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    foreach ($word in $typed) {
        if ($option) {
            $option = ''
        } elseif ($word.StartsWith('-')) {
            if ($known.options | Where-Object { $_.name -eq $word -and $_.valued }) { $option = $word }
        } elseif ("$at$word" -eq 'help') {
            continue
        } elseif ($known.commands | Where-Object { $_.name -eq $word }) {
            $at = "$at $word".Trim()
            $known = $script:FieldkitAt[$at]
        } else {
            $place++
        }
    }
    $offered = @()
    if ($option) {
        $offered += $script:FieldkitValue["$at $option"] | ForEach-Object { @{ name = $_; help = $_ } }
    } elseif ($wordToComplete.StartsWith('-')) {
        $offered += $known.options
    } else {
        $offered += $known.commands
        $values = $script:FieldkitValue["$at #$place"]
        if (-not $values) { $values = $script:FieldkitValue["$at #*"] }
        $offered += $values | ForEach-Object { @{ name = $_; help = $_ } }
    }
    # Where nothing is offered, PowerShell offers files.
    $offered | Where-Object { $_.name -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_.name, $_.name, 'ParameterValue', $_.help)
    }
}
