"""Calls of kernels from compiled Python: an address and a block of memory in, nothing out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _call(typingctx: Any, address: Any, memory: Any) -> Any:
    return types.void(types.int64, types.int64), _generate


def _call_to(typingctx: Any, address: Any, memory: Any, target: Any) -> Any:
    return types.void(types.int64, types.int64, types.int64), _generate


def _generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    function_type = ir.FunctionType(ir.VoidType(), [ir.IntType(64)] * (len(args) - 1))
    function = builder.inttoptr(args[0], function_type.as_pointer())
    builder.call(function, args[1:])
    return context.get_dummy_value()


# call(address, memory): the kernel at an address [int64] on the block of memory at another.
call = cast("Callable[[Any, int], None]", intrinsic(_call))
# call_to(address, memory, target): a kernel that is also told the address of the rows that it writes to.
call_to = cast("Callable[[Any, int, int], None]", intrinsic(_call_to))
