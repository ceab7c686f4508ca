import subprocess
import sys

from inkdigits.onnx_files import BUNDLED, find_bundled
from inkdigits.training.digit.zoo import MODELS, list_models


def test_the_list_has_a_row_for_each_net_and_what_the_files_in_the_package_state():
    rows = {line.split()[0]: line for line in list_models().splitlines()[1 : 1 + len(MODELS)]}
    assert list(rows) == list(MODELS)
    for name, path in find_bundled().items():
        assert f"{path.stat().st_size:,}" in rows[name]
        assert " misses " in rows[name]
    assert rows["nn"].split()[1:6] == ["101,770", "101,632", "–", "–", "–"]
    assert f"inkdigits predict FILE --model {BUNDLED}" in list_models()


def test_the_zoo_is_listed_without_keras():
    code = (
        "import sys; from inkdigits.training.digit.zoo import list_models; list_models(); print('keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_what_is_shipped_keeps_to_its_budget():
    assert MODELS["convnet"].multiply_adds <= 30e6
    assert MODELS["convnet"].parameters <= 1e6
    assert MODELS["tiny"].multiply_adds <= 2e6
    assert 4 * MODELS["tiny"].parameters <= 200_000
