"""Entry point: python raceproof_agent --requests-fd 3 --replies-fd 4 --progress-file PATH [--memory-limit BYTES].

Enters: descriptors.  Leaves: replies until `close` or the end of the requests.
"""

import os
import sys

if not __package__:  # started by path: the folder must not stay importable for the subject
    _folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != _folder]
    sys.path.insert(0, os.path.dirname(_folder))
    from raceproof_agent.serve import main
else:
    from .serve import main

if __name__ == "__main__":
    main(sys.argv[1:])
