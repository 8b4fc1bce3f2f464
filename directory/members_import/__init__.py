"""A members' list read in: from a file to rows, from rows to what each of them would do.

`table` and its readers (`text`, `workbook`) know files, `columns` and `values` the words of lists
in Finnish, Swedish and English, `known` the directory, `plan` puts them together; nothing here
saves anything, which `directory.services.members_import` does.
"""
