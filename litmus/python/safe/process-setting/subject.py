"""The process's folder for temporary files is set and used under one lock."""

import tempfile
import threading

LOCK = threading.Lock()


def folder_for(folder):
    with LOCK:
        tempfile.tempdir = folder
        return tempfile.tempdir
