"""What Python says of a step that fails, from what is seen of its operands.

failed("TypeError", "+", own, Cell("str", "a"), Cell("int", 1), 64)
    -> ("TypeError", 'can only concatenate str (not "int") to str')
"""

from __future__ import annotations

from latent_repl.language import operators as op
from latent_repl.language.moves import Cell

_SEQUENCES = ("str", "list", "tuple")
_ARITHMETIC = (op.ADD, op.SUBTRACT, op.MULTIPLY, op.FLOOR_DIVIDE, op.MODULO)
_ORDERINGS = (op.LESS, op.LESS_EQUAL, op.GREATER, op.GREATER_EQUAL)
# A float's row is an integer's to the model, which no place has, and no character.
_FLOAT = "float"
_CUTS = (op.TAKE, op.DROP, op.REVERSE)
SLICE_INDICES = "slice indices must be integers or None or have an __index__ method"


def failed(
    status: str, operator: str, own: Cell, left: Cell, right: Cell, capacity: int, says: str = ""
) -> tuple[str, str]:
    """Return the error's kind and Python's message; of Lx's own limits, what they are.

    capacity: how many cells a row can have. says: what the core line says in place of its operator.
    """
    match status:
        case op.ZERO_DIVISION:
            return status, op.DIVISION_BY_ZERO
        case op.MEMORY_ERROR:
            return status, f"a row holds at most {capacity} values, a string as many characters: use several"
        case op.FULL:
            return op.MEMORY_ERROR, "the heap has no free row: delete what is not needed"
        case op.INDEX_ERROR | op.VALUE_ERROR if _FLOAT in (left.kind, right.kind):
            return op.TYPE_ERROR, _type_error(operator, own, left, right)
        case op.INDEX_ERROR:
            return status, _index_error(operator, left)
        case op.VALUE_ERROR:
            return status, "chr() makes printable ASCII, newline and tab alone: 9, 10 and 32 to 126"
        case op.TYPE_ERROR if says:
            return status, _said(operator, says, left.kind, right.kind)
        case op.TYPE_ERROR if operator == op.APPEND:
            return "AttributeError", f"'{own.kind}' object has no attribute 'append'"
        case op.TYPE_ERROR:
            return status, _type_error(operator, own, left, right)
        case _:
            return status, "the decoded status is no status"


def _index_error(operator: str, left: Cell) -> str:
    if operator == op.PUT:
        return "list assignment index out of range"
    return f"{'string' if left.kind == 'str' else left.kind} index out of range"


def _said(operator: str, says: str, left: str, right: str) -> str:
    if not says.endswith("="):
        return says.format(left=left, right=right)
    if operator == op.ADD and left == "list":
        return f"'{right}' object is not iterable"
    if operator == op.MULTIPLY and left == "dict":
        # A dict repeats nothing, and on the left CPython asks the other side no more.
        return _unsupported(says, left, right)
    return _arithmetic(operator, left, right, says)


def _type_error(operator: str, own: Cell, left: Cell, right: Cell) -> str:
    if operator in _ARITHMETIC:
        return _arithmetic(operator, left.kind, right.kind, operator)
    if operator in _ORDERINGS:
        return _ordering(operator, left, right)
    if operator in (op.MIN, op.MAX):
        return _ordering(op.LESS if operator == op.MIN else op.GREATER, right, left)
    if operator == op.ITEM or operator in _CUTS:
        return _subscript(operator, left.kind, right.kind)
    if operator == op.PUT:
        is_list = own.kind == "list"
        return _indices("list", left.kind) if is_list else f"'{own.kind}' object does not support item assignment"
    if operator == op.ORD and left.kind == "str":
        return f"ord() expected a character, but string of length {left.size} found"
    return {
        op.NEGATE: f"bad operand type for unary -: '{left.kind}'",
        op.ABS: f"bad operand type for abs(): '{left.kind}'",
        op.LENGTH: f"object of type '{left.kind}' has no len()",
        op.ORD: f"ord() expected string of length 1, but {left.kind} found",
        op.CHR: f"'{left.kind}' object cannot be interpreted as an integer",
    }.get(operator, f"{operator} takes no {left.kind}")


def _arithmetic(operator: str, left: str, right: str, written: str) -> str:
    if operator == op.ADD and left in _SEQUENCES:
        return f'can only concatenate {left} (not "{right}") to {left}'
    if operator == op.MULTIPLY and (left in _SEQUENCES or right in _SEQUENCES):
        return f"can't multiply sequence by non-int of type '{right if left in _SEQUENCES else left}'"
    if operator == op.MODULO and left == "str":
        return "not all arguments converted during string formatting"
    return _unsupported(written, left, right)


def _unsupported(written: str, left: str, right: str) -> str:
    return f"unsupported operand type(s) for {written}: '{left}' and '{right}'"


def _ordering(operator: str, left: Cell, right: Cell) -> str:
    return f"'{operator}' not supported between instances of '{left.kind}' and '{right.kind}'"


def _subscript(operator: str, left: str, right: str) -> str:
    if left not in _SEQUENCES:
        return f"'{left}' object is not subscriptable"
    return _indices(left, right) if operator == op.ITEM else SLICE_INDICES


def _indices(kind: str, index: str) -> str:
    if kind == "str":
        return f"string indices must be integers, not '{index}'"
    return f"{kind} indices must be integers or slices, not {index}"
