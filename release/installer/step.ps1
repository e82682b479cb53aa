# {what} $env:PYTHON = 'C:\path\python.exe' chooses the Python.
$ErrorActionPreference = 'Stop'
$kit = Split-Path -Parent $MyInvocation.MyCommand.Path
$versions = '{pythons}'.Replace('python', '').Split(' ')
$candidates = @()
if ($env:PYTHON) {{ $candidates += , @($env:PYTHON) }}
foreach ($version in $versions) {{ $candidates += , @('py', "-$version-64"), @('py', "-V:$version") }}
$candidates += , @('python')
foreach ($candidate in $candidates) {{
    $program = $candidate[0]
    $before = @($candidate | Select-Object -Skip 1)
    if (-not (Get-Command $program -ErrorAction SilentlyContinue)) {{ continue }}
    $ErrorActionPreference = 'Continue'
    $found = & $program @before -I -c 'import sys; print(str(sys.version_info[0]) + chr(46) + str(sys.version_info[1]))' 2>$null
    $ErrorActionPreference = 'Stop'
    if ($LASTEXITCODE -ne 0 -or $versions -notcontains $found) {{ continue }}
    & $program @before -I (Join-Path $kit 'installer.py') {step} @args
    exit $LASTEXITCODE
}}
[Console]::Error.WriteLine('No Python of the versions that this kit is for was found ({pythons}). Nothing was changed. Install one of them, 64-bit (x64, also on Windows on ARM), or name it in $env:PYTHON.')
exit 1
