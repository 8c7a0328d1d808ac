"""The validation of the PD in the order of the ECB's instructions (February 2019), as sheets of a workbook."""
