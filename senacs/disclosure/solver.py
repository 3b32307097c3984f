"""HiGHS, asked one small program after the other."""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array

from senacs.disclosure.network import Flags, Floats
from senacs.errors import DisclosureError


@dataclass(frozen=True)
class Program:
    """Minimise cost · x with x between `lower` and `upper`, and matrix · x between the row bounds.

    `whole` says which x are whole numbers; None: none is.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats
    whole: Flags | None = None


@dataclass(frozen=True)
class Solved:
    """What came out: a best x, or the best one that was found in the time.

    Attributes:
        x: None where no x meets the bounds, or none was found in time.
        bound: no x costs less; minus infinity where nothing is known.
        row_dual: what a unit more of each row's bound costs; of programs without whole numbers.
        unbounded: costs fall without end.
    """

    x: Floats | None
    bound: float
    row_dual: Floats
    unbounded: bool = False


class Solver:
    """One HiGHS for many programs: making one costs more than a small program."""

    def __init__(self) -> None:
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self._highs.setOptionValue(name, value)

    def solve(self, program: Program, *, seconds: float = 600.0, gap: float = 0.0) -> Solved:
        """Solve it, or stop after `seconds` or when a cheaper x can save no more than `gap` of it.

        Raises:
            DisclosureError: HiGHS refuses the program, or gives up without a reason.
        """
        highs = self._highs
        highs.setOptionValue("presolve", "off" if program.whole is None else "on")
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
        highs.setOptionValue("mip_rel_gap", gap)
        if highs.passModel(_model(program)) == highspy.HighsStatus.kError:
            raise DisclosureError("the solver refuses the program: a number in it is not finite")
        highs.run()
        status = highs.getModelStatus()
        infeasible = (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )
        nothing = np.zeros(0)
        if status == highspy.HighsModelStatus.kUnbounded:
            return Solved(None, -np.inf, nothing, unbounded=True)
        if status in infeasible:
            return Solved(None, np.inf, nothing)
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit):
            raise DisclosureError(f"the solver gives up: {highs.modelStatusToString(status)}")
        solution, info = highs.getSolution(), highs.getInfo()
        done = status == highspy.HighsModelStatus.kOptimal
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        bound = info.objective_function_value if done else -np.inf
        return Solved(
            np.array(solution.col_value) if found else None,
            bound if program.whole is None else info.mip_dual_bound,
            np.array(solution.row_dual),
        )


def _model(program: Program) -> highspy.HighsLp:
    matrix = program.matrix
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = program.cost
    model.col_lower_ = program.lower
    model.col_upper_ = program.upper
    model.row_lower_ = program.row_lower
    model.row_upper_ = program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.num_row_, model.a_matrix_.num_col_ = matrix.shape
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    if program.whole is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(flag)] for flag in program.whole]
    return model
