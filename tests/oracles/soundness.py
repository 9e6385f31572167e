"""Reads paths of PNML files from standard input, one a line, and answers each with `sound` or `unsound`."""

import contextlib
import io
import sys

with contextlib.redirect_stdout(io.StringIO()):
    import pm4py
    from pm4py.algo.analysis.woflan import algorithm as woflan
    from pm4py.objects.petri_net.obj import Marking

PARAMETERS = {
    woflan.Parameters.RETURN_ASAP_WHEN_NOT_SOUND: True,
    woflan.Parameters.PRINT_DIAGNOSTICS: False,
    woflan.Parameters.RETURN_DIAGNOSTICS: False,
}

for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()):
        net, initial, _ = pm4py.read_pnml(line.strip())
        final = Marking({place: 1 for place in net.places if place.name == "end"})
        sound = woflan.apply(net, initial, final, parameters=PARAMETERS)
    print("sound" if sound else "unsound", flush=True)
