"""The attribution methods in words: what the window, the help page and the command line say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectracnn.core.attribution import Method

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription

_ZEROS = "zeros in the model's input; after standardisation, the mean of the training spectra"


@dataclass(frozen=True)
class MethodInfo:
    """One method, told to people.

    Parameters
    ----------
    method : Method
        Which.
    title : str
        For menus.
    summary : str
        One plain sentence.
    formula : str
        In characters. ``f`` is the class's logit, ``x`` the model's input, ``b`` the baseline,
        ``A`` a feature map with steps ``t`` and channels ``k``.
    source : str
        Who proposed it, and where.
    options : tuple of str
        The fields of `AttributionOptions` that it reads.
    baseline : str
        What it compares with; empty for nothing.
    complete : bool
        Whether its values add up to the difference of the logit from the baseline's.
    """

    method: Method
    title: str
    summary: str
    formula: str
    source: str
    options: tuple[str, ...] = ()
    baseline: str = ""
    complete: bool = False


METHODS: dict[Method, MethodInfo] = {
    info.method: info
    for info in (
        MethodInfo(
            Method.GRADIENT_INPUT,
            "Gradient × input",
            "How fast the class's logit changes with each sample, times the sample itself.",
            "aᵢ = xᵢ · ∂f(x)/∂xᵢ",
            "Shrikumar et al. 2016, arXiv:1605.01713; the gradient alone: Simonyan et al. 2013, "
            "arXiv:1312.6034",
        ),
        MethodInfo(
            Method.INTEGRATED_GRADIENTS,
            "Integrated gradients",
            "The gradient gathered on the straight way from the baseline to the spectrum; the "
            "values add up to how much the logit changes on that way.",
            "aᵢ = (xᵢ − bᵢ) · ∫₀¹ ∂f(b + α(x − b))/∂xᵢ dα, by the midpoint rule",
            "Sundararajan et al. 2017, arXiv:1703.01365",
            ("steps",),
            _ZEROS,
            complete=True,
        ),
        MethodInfo(
            Method.SMOOTHGRAD,
            "SmoothGrad",
            "Gradient × input with the gradient averaged over noisy copies of the spectrum, so "
            "that it shows what holds nearby as well.",
            "aᵢ = xᵢ · 1/N Σₙ ∂f(x + εₙ)/∂xᵢ, εₙ ~ N(0, σ²), σ = noise · (max x − min x)",
            "Smilkov et al. 2017, arXiv:1706.03825",
            ("noise", "samples", "seed"),
        ),
        MethodInfo(
            Method.GRAD_CAM,
            "Grad-CAM",
            "Where a convolution's feature maps, weighted by how much the class uses each on "
            "average, are active; only what speaks for the class is kept.",
            "wₖ = 1/T Σₜ ∂f/∂Aₜₖ; aₜ = max(0, Σₖ wₖ Aₜₖ), drawn at the receptive fields' centres",
            "Selvaraju et al. 2017, arXiv:1610.02391",
            ("layer",),
        ),
        MethodInfo(
            Method.GRAD_CAM_SIGNED,
            "Signed Grad-CAM",
            "Grad-CAM with each step's own gradient and with what speaks against the class: no "
            "averaging, no ReLU.",
            "aₜ = Σₖ Aₜₖ · ∂f/∂Aₜₖ, drawn at the receptive fields' centres",
            "Shi 2023; without averaging also Draelos and Carin 2020 (HiResCAM), arXiv:2011.08891",
            ("layer",),
        ),
        MethodInfo(
            Method.OCCLUSION,
            "Occlusion",
            "How much the logit drops when a window of neighbouring samples is replaced by the "
            "baseline, shared out among them; no gradients.",
            "aᵢ = mean over windows W of w samples with i ∈ W of (f(x) − f(x with x_W = b_W)) / w",
            "Zeiler and Fergus 2014, arXiv:1311.2901",
            ("window",),
            _ZEROS,
        ),
        MethodInfo(
            Method.EXPECTED_GRADIENTS,
            "Expected gradients",
            "Integrated gradients averaged over real spectra as baselines instead of zeros.",
            "aᵢ = E over samples b and α in (0, 1) of (xᵢ − bᵢ) · ∂f(b + α(x − b))/∂xᵢ",
            "Erion et al. 2021, arXiv:1906.10670",
            ("steps", "seed"),
            "the bundled sample spectra, preprocessed by the model's card",
            complete=True,
        ),
    )
}


def cam_layers(description: ModelDescription) -> tuple[int, ...]:
    """Return the convolutions that Grad-CAM can look at, in forward order.

    A layer of a one-dimensional network is among them where its receptive fields are known: they
    say where on the input its steps lie.
    """
    image = len(description.input_shape) == 3
    return tuple(
        index
        for index, layer in enumerate(description.layers)
        if "Conv" in layer.layer_class
        and (len(layer.output_shape) == 3 if image else layer.is_sequence)
        and (image or layer.field is not None)
    )
