import importlib.metadata
import re

from inkdigits.training.runs import provenance


def test_the_versions_are_those_of_the_installed_packages():
    found = provenance.versions()
    assert found["keras"] == importlib.metadata.version("keras")
    assert {"python", "inkdigits", "numpy", "onnx", "onnxruntime"} <= found.keys()


def test_a_machine_has_a_name_and_cores():
    found = provenance.machine()
    assert found["cpu"]
    assert found["system"]
    assert int(found["cores"]) >= 1


def test_a_commit_is_a_hash_or_unknown():
    assert re.fullmatch(r"([0-9a-f]{40}(-dirty)?)?", provenance.commit())


def test_an_installed_package_claims_no_commit_of_the_folder_it_lies_in(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "provenance.py"))
    assert provenance.commit() == ""


def test_bfloat16_is_used_where_the_processor_says_so(tmp_path, monkeypatch):
    for flags, expected in (("fma avx512_bf16", True), ("amx_bf16", True), ("fma avx2", False)):
        (tmp_path / "cpuinfo").write_text(f"model name\t: Some CPU\nflags\t\t: {flags}\n")
        monkeypatch.setattr(provenance, "CPUINFO", tmp_path / "cpuinfo")
        assert provenance.has_bfloat16() is expected
        assert provenance.machine()["cpu"] == "Some CPU"
    monkeypatch.setattr(provenance, "CPUINFO", tmp_path / "none")
    assert not provenance.has_bfloat16()
