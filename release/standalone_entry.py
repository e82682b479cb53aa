"""Where the stand-alone program begins: ``fieldkit``, or one of the processes that it starts.

It has no Python beside it that could run a file, so it is started again itself: to read a workbook
in a process of its own, and as a worker of central's.
"""

import sys
from multiprocessing import freeze_support

from fieldkit.workbook.load.calamine_child import READ_WORKBOOK

if __name__ == "__main__":
    freeze_support()
    if sys.argv[1:] == [READ_WORKBOOK]:
        from fieldkit.workbook.load.calamine_child import main
    else:
        from fieldkit.cli import main
    sys.exit(main())
