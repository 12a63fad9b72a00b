"""Text to machine code for the processor at hand, through LLVM; no compiler is needed on the machine."""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import llvmlite
import llvmlite.binding as llvm


@dataclass(frozen=True)
class Code:
    """Functions in memory: their ``addresses`` by name. ``engine`` owns the memory and must live as long."""

    addresses: dict[str, int]
    engine: Any


@cache
def _prepare() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    # Functions of the C library that kernels call are found by name in the process.
    library = ctypes.util.find_library("m") if sys.platform != "win32" else "msvcrt"
    if library is not None:
        llvm.load_library_permanently(library)


def _target_machine() -> Any:
    """Return a code generator for this processor; an engine keeps the one that it is made with."""
    _prepare()
    target = cast(Any, llvm.Target.from_default_triple())
    return target.create_target_machine(cpu=processor(), features=features(), opt=2, jit=True)


@cache
def processor() -> str:
    return str(llvm.get_host_cpu_name())


@cache
def features() -> str:
    return str(cast(Any, llvm.get_host_cpu_features()).flatten())


@cache
def lane_count() -> int:
    """Return how many numbers one instruction of this processor works on."""
    if "+avx512f" in features():
        return 8
    return 4 if "+avx2" in features() else 2


@cache
def processor_key() -> str:
    """Return what machine code depends on beside its text."""
    return "|".join(
        [llvmlite.__version__, str(llvm.llvm_version_info), llvm.get_default_triple(), processor(), features()]
    )


def compile_object(text: str) -> bytes:
    """Return the machine code of ``text``, as an object file."""
    module = cast(Any, llvm.parse_assembly(text))
    module.triple = llvm.get_default_triple()
    module.verify()
    return bytes(_target_machine().emit_object(module))


def load_object(content: bytes, names: Sequence[str]) -> Code:
    """Return the functions of an object file, ready to be called."""
    engine = cast(Any, llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine()))
    engine.add_object_file(llvm.ObjectFileRef.from_data(content))
    engine.finalize_object()
    return Code({name: int(engine.get_function_address(name)) for name in names}, engine)
