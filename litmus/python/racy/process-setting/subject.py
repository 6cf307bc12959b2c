"""The process's folder for temporary files is set and then used: the other thread's folder may be there by then."""

import tempfile


def folder_for(folder):
    tempfile.tempdir = folder
    return tempfile.tempdir
