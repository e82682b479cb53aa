"""Reading the workbooks a force sends and the inspectors' own case lists.

``read_workbook`` and ``read_case_list`` are the ways in; both are pure and write nothing.
"""
