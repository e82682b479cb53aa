"""The figures of a comparison: tables, criteria, case types, disparities, verdict."""
