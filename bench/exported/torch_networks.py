# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""torch_networks.py - PyTorch's networks, and small ones around one operator or idiom each.

needs: torch, onnx, onnxscript; torchvision and timm for their networks, which are left out otherwise
gives: networks() and export(), as front.py wants them
"""
import contextlib
import inspect
import io
import logging
import re
import warnings

import onnxscript  # noqa: F401 - what torch.onnx.export asks for only when it writes
import torch
from torch import nn
from torch.nn import functional as F

NETWORKS = {}  # name: a function that gives the module and its inputs


def network(name, build, *inputs):
    """inputs: shapes, of which noise is made, or tensors."""
    NETWORKS[name] = lambda: (build(), tuple(torch.rand(*x) if isinstance(x, tuple) else x for x in inputs))


def image(size=64, channels=3):
    return (1, channels, size, size)


# ---- the networks ----


def torchvision_networks():
    try:
        from torchvision import models
    except ImportError:
        return
    for name, size in (("mobilenet_v2", 64), ("mobilenet_v3_small", 64), ("mobilenet_v3_large", 64), ("mnasnet0_5", 64),
                       ("shufflenet_v2_x0_5", 64), ("efficientnet_b0", 64), ("efficientnet_v2_s", 64), ("squeezenet1_1", 64),
                       ("resnet18", 64), ("resnext50_32x4d", 64), ("regnet_y_400mf", 64), ("regnet_x_400mf", 64),
                       ("densenet121", 64), ("convnext_tiny", 64), ("alexnet", 96), ("vgg11_bn", 64), ("swin_t", 64),
                       ("swin_v2_t", 64)):
        network("tv/" + name, lambda name=name: getattr(models, name)(), image(size))
    network("tv/googlenet", lambda: models.googlenet(init_weights=False, aux_logits=False), image(96))
    network("tv/inception_v3", lambda: models.inception_v3(init_weights=False, aux_logits=False), image(128))
    network("tv/vit", lambda: models.VisionTransformer(32, 8, 2, 4, 64, 128), image(32))
    network("tv/maxvit", lambda: models.MaxVit((64, 64), 16, 4, [16, 32], [1, 1], 16, 0.0), image(64))
    for name in ("lraspp_mobilenet_v3_large", "deeplabv3_mobilenet_v3_large", "fcn_resnet50"):
        network("tv/" + name, lambda name=name: Out(getattr(models.segmentation, name)(weights=None, weights_backbone=None)),
                image(64))
    network("tv/ssdlite_backbone", lambda: Values(models.detection.ssdlite320_mobilenet_v3_large(
        weights=None, weights_backbone=None).backbone), image(96))
    network("tv/r3d_18", lambda: models.video.r3d_18(), (1, 3, 4, 32, 32))


def timm_networks():
    try:
        import timm
    except ImportError:
        return
    for name, size in (("mobilenetv4_conv_small", 64), ("mobilenetv4_hybrid_medium", 64), ("mobileone_s0", 64),
                       ("repvit_m0_9", 64), ("ghostnet_050", 64), ("ghostnetv2_100", 64), ("fbnetc_100", 64),
                       ("edgenext_xx_small", 64), ("mobilevit_xxs", 64), ("mobilevitv2_050", 64), ("efficientformer_l1", 224),
                       ("efficientformerv2_s0", 224), ("tinynet_e", 64), ("levit_128s", 224), ("fastvit_t8", 64),
                       ("lcnet_050", 64), ("hardcorenas_a", 64), ("semnasnet_075", 64), ("mixnet_s", 64),
                       ("res2net50_14w_8s", 64),
                       ("hrnet_w18_small", 64), ("dla34", 64), ("convnextv2_atto", 64), ("poolformer_s12", 64),
                       ("efficientvit_b0", 64), ("efficientvit_m0", 224), ("starnet_s1", 64), ("rexnet_100", 64),
                       ("selecsls42b", 64), ("xcit_nano_12_p16_224", 224), ("mobilenet_edgetpu_v2_xs", 64),
                       ("repghostnet_050", 64), ("inception_next_atto", 64), ("nf_resnet26", 64), ("tf_efficientnet_lite0", 64),
                       ("skresnet18", 64), ("botnet26t_256", 256), ("coatnet_0_rw_224", 224),
                       ("deit_tiny_patch16_224", 224), ("mixer_s32_224", 224), ("focalnet_tiny_srf", 64),
                       ("shvit_s1", 64), ("tiny_vit_5m_224", 224), ("gernet_s", 64), ("vovnet39a", 64), ("cspdarknet53", 64)):
        network("timm/" + name, lambda name=name: timm.create_model(name, pretrained=False), image(size))


class Out(nn.Module):
    """Of a segmentation network, which gives a dictionary."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x)["out"]


class Values(Out):
    def forward(self, x):
        return tuple(self.inner(x).values())


class Recurrent(nn.Module):
    def __init__(self, kind, **options):
        super().__init__()
        self.cnn, self.rnn = nn.Conv2d(1, 8, 3, 2, 1), kind(64, 16, **options)
        self.head = nn.Linear(16 * (2 if options.get("bidirectional") else 1), 5)

    def forward(self, x):
        y = self.cnn(x)
        y = y.permute(0, 3, 1, 2).flatten(2)
        return self.head(self.rnn(y)[0])


class Sides(nn.Module):
    """A function between two convolutions."""

    def __init__(self, function, cin=8, cout=8):
        super().__init__()
        self.function = function
        self.first, self.last = nn.Conv2d(3, cin, 3, padding=1), nn.Conv2d(cout, 4, 1)

    def forward(self, x):
        return self.last(self.function(torch.relu(self.first(x))))


class Modules(Sides):
    def __init__(self, *inner, cin=8, cout=8):
        super().__init__(None, cin, cout)
        self.function = nn.Sequential(*inner)


class Attention(nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.attention = nn.MultiheadAttention(32, 4, batch_first=True, **options)

    def forward(self, x):
        return self.attention(x, x, x, need_weights=False)[0]


def sides(name, function, cin=8, cout=8, size=(1, 3, 17, 19)):
    network("op/" + name, lambda: Sides(function, cin, cout), size)


def modules(name, *inner, cin=8, cout=8, size=(1, 3, 17, 19)):
    network("op/" + name, lambda: Modules(*inner, cin=cin, cout=cout), size)


def module_networks():
    modules("grouped", nn.Conv2d(8, 8, 3, groups=2, padding=1), nn.BatchNorm2d(8), nn.ReLU6())
    modules("depthwise_multiplier", nn.Conv2d(8, 16, 3, groups=8, padding=1), cout=16)
    modules("dilated", nn.Conv2d(8, 8, 3, dilation=2, padding=2), nn.Conv2d(8, 8, 3, dilation=3, padding="same"))
    modules("even_kernel", nn.Conv2d(8, 8, 4, stride=2, padding="valid"), nn.Conv2d(8, 8, (2, 4), padding="same"))
    modules("conv_circular", nn.Conv2d(8, 8, 3, padding=1, padding_mode="circular"))
    modules("conv_reflect", nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect"))
    modules("conv_replicate", nn.Conv2d(8, 8, 5, padding=2, padding_mode="replicate"))
    modules("transposed", nn.ConvTranspose2d(8, 8, 4, 2, 1), nn.ConvTranspose2d(8, 8, 3, 2, 1, 1, groups=4))
    modules("transposed_dilated", nn.ConvTranspose2d(8, 8, 3, 1, 0, dilation=2))
    modules("pixel_shuffle", nn.PixelShuffle(2), cout=2)
    modules("pixel_unshuffle", nn.PixelUnshuffle(2), cout=32, size=(1, 3, 16, 16))
    modules("channel_shuffle", nn.ChannelShuffle(4))
    for name, norm in (("instance", nn.InstanceNorm2d(8, affine=True)), ("group", nn.GroupNorm(4, 8)),
                       ("layer", nn.LayerNorm([8, 17, 19])), ("local_response", nn.LocalResponseNorm(3)),
                       ("rms", nn.RMSNorm([17, 19]))):
        modules("norm_" + name, norm)
    for act in (nn.Hardtanh(-0.5, 2.0), nn.SiLU(), nn.Mish(), nn.GELU(), nn.GELU("tanh"), nn.Hardswish(), nn.Hardsigmoid(),
                nn.ELU(0.5), nn.CELU(0.7), nn.SELU(), nn.PReLU(8), nn.PReLU(), nn.LeakyReLU(0.1), nn.Softplus(2.0, 10.0),
                nn.Softsign(), nn.Tanhshrink(), nn.Softshrink(0.3), nn.Hardshrink(0.3), nn.Threshold(0.2, -1.0), nn.LogSigmoid(),
                nn.Softmax2d(), nn.Softmin(1), nn.RReLU(), nn.Softmax(-1), nn.LogSoftmax(2), nn.GLU(2)):
        name = re.sub(r"\W+", "_", str(act)).strip("_").lower()
        if isinstance(act, nn.GLU):
            act = nn.Sequential(nn.Conv2d(8, 8, (2, 1)), act)
        modules("act_" + name, act)
    for size in (1, (1, 1), 3, (5, 7), (None, 1), 7):
        modules(f"adaptive_avg_{size}".replace(" ", ""), nn.AdaptiveAvgPool2d(size))
        modules(f"adaptive_max_{size}".replace(" ", ""), nn.AdaptiveMaxPool2d(size))
    modules("adaptive_avg_2of16", nn.AdaptiveAvgPool2d(2), size=(1, 3, 16, 16))
    for name, pool in (("max_ceil", nn.MaxPool2d(3, 2, 1, ceil_mode=True)), ("max_dilated", nn.MaxPool2d(3, 2, 1, 2)),
                       ("avg", nn.AvgPool2d(3, 2, 1)), ("avg_ceil", nn.AvgPool2d(3, 2, 1, True, False)),
                       ("avg_divisor", nn.AvgPool2d(2, divisor_override=3)), ("lp", nn.LPPool2d(2, 3, 2))):
        modules("pool_" + name, pool)
    for mode, options in (("nearest", {}), ("nearest-exact", {}), ("bilinear", {}), ("bilinear", {"align_corners": True}),
                          ("bicubic", {}), ("bicubic", {"align_corners": True}), ("area", {}),
                          ("bilinear", {"antialias": True}), ("bicubic", {"antialias": True})):
        for by in ({"scale_factor": 2}, {"scale_factor": (1.5, 0.7)}, {"size": (9, 30)}):
            if "align_corners" in options and by == {"scale_factor": (1.5, 0.7)}:
                continue  # ONNX's definition, which we follow, isn't what ONNX Runtime computes
            tag = "_".join([mode, *options, *(f"{k}{v}".replace(" ", "") for k, v in by.items())])
            sides("interpolate_" + tag, lambda x, o={**by, **options, "mode": mode}: F.interpolate(x, **o))
    sides("upsample_to_other", lambda x: F.interpolate(F.max_pool2d(x, 2), x.shape[-2:], mode="bilinear") + x)
    for mode in ("constant", "reflect", "replicate", "circular"):
        sides("pad_" + mode, lambda x, m=mode: F.pad(x, (1, 2, 3, 0), mode=m))
    sides("pad_negative", lambda x: F.pad(x, (-1, 2, 3, -2), value=0.5))
    sides("pad_channels", lambda x: F.pad(x, (0, 0, 0, 0, 1, 3)), cout=12)
    sides("chunk", lambda x: torch.cat([b * 2 if k % 2 else b for k, b in enumerate(x.chunk(3, 1))][::-1], 1))
    sides("split", lambda x: sum(x.split([2, 2, 2, 2], 1)), cout=2)
    sides("unbind", lambda x: torch.stack(x.unbind(1)[1:5], 1), cout=4)
    sides("roll", lambda x: torch.roll(x, (2, -3), (2, 3)))
    sides("flip", lambda x: torch.flip(x, (1, 3)))
    sides("rot90", lambda x: torch.rot90(x, 1, (2, 3)))
    sides("unfold", lambda x: F.unfold(x, 3, padding=1).reshape(1, 72, 17, 19), cout=72)
    sides("fold", lambda x: F.fold(F.unfold(x, 3, padding=1), (17, 19), 3, padding=1))
    sides("tensor_unfold", lambda x: x.unfold(2, 3, 2).mean(-1))
    sides("einsum", lambda x: torch.einsum("bchw,bdhw->bcd", x, x)[:, :, :, None])
    sides("matmul_hw", lambda x: (x @ x.transpose(2, 3)))
    sides("bmm", lambda x: torch.bmm(x[0], x[0].transpose(1, 2))[None])
    sides("where", lambda x: torch.where(x > 0.1, x, x * 0.3 - 1))
    sides("masked_fill", lambda x: x.masked_fill(x < 0.2, -1.0))
    sides("triu_mask", lambda x: x.masked_fill(torch.ones(17, 19).triu(1).bool(), 0.0))
    sides("topk", lambda x: x.topk(3, 3)[0])
    sides("sort", lambda x: x.sort(2, descending=True)[0])
    sides("argmax", lambda x: F.one_hot(x.argmax(1), 8).permute(0, 3, 1, 2).float())
    sides("cumsum", lambda x: x.cumsum(2))
    sides("cumprod", lambda x: x.cumprod(2))
    sides("max_dim", lambda x: x.max(3, keepdim=True)[0] - x.amin((2, 3), keepdim=True))
    sides("var_std", lambda x: (x - x.mean((2, 3), keepdim=True)) / (x.std((2, 3), keepdim=True) + x.var(1, keepdim=True)))
    sides("norm", lambda x: F.normalize(x, dim=1) + x.norm(dim=2, keepdim=True))
    sides("logsumexp", lambda x: x.logsumexp(1, keepdim=True) * x)
    sides("clamp", lambda x: x.clamp(min=0.1) + x.clamp(max=0.4) + torch.clamp(x, 0.1, 0.9))
    sides("slices", lambda x: x[:, ::2, 1::2, ::3] + x[:, 1::2, :-1:2, ::3], cout=4)
    sides("index", lambda x: x[:, [3, 1, 0, 7]], cout=4)
    sides("index_put", lambda x: torch.cat([x[:, :1] * 2, x[:, 1:]], 1))
    sides("index_assign", lambda x: assigned(x))
    order = torch.arange(8).flip(0).reshape(1, 8, 1, 1).expand(1, 8, 17, 19)
    sides("gather", lambda x: x.gather(1, order))
    sides("scatter", lambda x: torch.zeros_like(x).scatter(1, order, x))
    sides("repeat", lambda x: x.repeat(1, 2, 1, 1) + x.repeat_interleave(2, 1), cout=16)
    sides("expand", lambda x: x + x.mean(1, keepdim=True).expand(1, 8, 17, 19))
    sides("remainder", lambda x: torch.remainder(x, 0.3) + torch.fmod(x, 0.7) + torch.floor_divide(x, 0.2))
    sides("trigonometry", lambda x: torch.atan2(x, x + 1) + torch.sin(x) * torch.cosh(x))
    sides("rounding", lambda x: x.round() + x.trunc() + x.frac() + x.floor() + x.sign())
    sides("powers", lambda x: x.pow(2) + (x + 1).pow(0.5) + (x + 1).rsqrt() + 2.0 ** x + torch.log1p(x) + torch.expm1(x))
    sides("erf", lambda x: torch.erf(x) + torch.sigmoid(x) * torch.exp(-x) + torch.reciprocal(x + 1))
    sides("addcmul", lambda x: torch.addcmul(x, x, x, value=0.5) + torch.lerp(x, x * 2, 0.3))
    sides("meshgrid", lambda x: x + sum(torch.meshgrid(torch.arange(17.0), torch.arange(19.0), indexing="ij")) * 0.1)
    sides("position_encoding", lambda x: x * torch.linspace(0, 1, x.shape[-1]) + torch.arange(x.shape[2])[:, None])
    grid = F.affine_grid(torch.eye(2, 3)[None], (1, 8, 9, 9), False)
    sides("grid_sample", lambda x: F.grid_sample(x, grid, align_corners=False))
    sides("spectral", lambda x: torch.fft.rfft2(x).abs())
    sides("avg_pool_reshape", lambda x: F.avg_pool2d(x, x.shape[2:]).flatten(1)[:, :, None, None])
    sides("squeeze_excite", lambda x: x * torch.sigmoid(x.mean((2, 3), keepdim=True)))
    sides("global_max", lambda x: x * F.adaptive_max_pool2d(x, 1).tanh())
    sides("view_heads", lambda x: (lambda q: q.softmax(-1).transpose(1, 2).reshape(1, 8, 17, 19))(
        x.view(1, 2, 4, -1).transpose(2, 3) @ torch.ones(1, 2, 4, 4)))
    sides("sdpa", lambda x: F.scaled_dot_product_attention(x, x, x))
    sides("sdpa_causal", lambda x: F.scaled_dot_product_attention(x, x, x, is_causal=True))
    sides("logical", lambda x: x * ((x > 0.1) & ~(x > 0.8) | (x == 0)).float())
    sides("casts", lambda x: (x * 10).int().float() + (x * 3).long().clamp(0, 2) + (x > 0.2).double().float())
    sides("dropout_identity", lambda x: F.dropout(x, 0.5, False).contiguous().clone().detach())
    sides("bilinear_then_concat", lambda x: torch.cat([x, F.interpolate(F.avg_pool2d(x, 2), (17, 19), mode="bilinear",
                                                                        align_corners=True)], 1), cout=16)
    for name, kind, options in (("lstm", nn.LSTM, {}), ("lstm_bi", nn.LSTM, {"bidirectional": True, "num_layers": 2}),
                                ("gru", nn.GRU, {}), ("gru_bi", nn.GRU, {"bidirectional": True}), ("rnn", nn.RNN, {})):
        network("op/" + name, lambda k=kind, o=options: Recurrent(k, batch_first=True, **o), (1, 1, 16, 12))
    network("op/attention", Attention, (1, 10, 32))
    network("op/encoder_layer", lambda: nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), (1, 10, 32))
    network("op/decoder_layer", lambda: nn.TransformerDecoderLayer(32, 4, 64, batch_first=True), (1, 10, 32), (1, 6, 32))
    network("op/embedding", lambda: nn.Sequential(nn.Embedding(20, 8), nn.Linear(8, 4)), torch.arange(6).reshape(1, 6))
    network("op/conv1d", lambda: nn.Sequential(nn.Conv1d(4, 8, 5, padding=2), nn.BatchNorm1d(8), nn.ReLU(), nn.MaxPool1d(2),
                                               nn.ConvTranspose1d(8, 4, 4, 2, 1), nn.AdaptiveAvgPool1d(3)), (1, 4, 24))
    network("op/conv3d", lambda: nn.Sequential(nn.Conv3d(2, 8, 3, padding=1), nn.BatchNorm3d(8), nn.ReLU(), nn.MaxPool3d(2),
                                               nn.ConvTranspose3d(8, 4, 2, 2), nn.AdaptiveAvgPool3d(1)), (1, 2, 6, 8, 8))
    network("op/channels_last", lambda: Sides(lambda x: x.contiguous(memory_format=torch.channels_last)).to(
        memory_format=torch.channels_last), (1, 3, 16, 16))
    network("op/nhwc_input", lambda: Permuted(), (1, 16, 16, 3))
    network("op/double", lambda: Permuted().double(), torch.rand(1, 16, 16, 3).double())
    network("op/half", lambda: Permuted().half(), torch.rand(1, 16, 16, 3).half())
    network("op/bfloat16", lambda: Permuted().bfloat16(), torch.rand(1, 16, 16, 3).bfloat16())
    network("op/two_inputs", Two, (1, 3, 16, 16), (1, 3, 16, 16))
    network("op/weight_norm", lambda: Modules(nn.utils.parametrizations.weight_norm(nn.Conv2d(8, 8, 3))), (1, 3, 16, 16))
    network("op/spectral_norm", lambda: Modules(nn.utils.parametrizations.spectral_norm(nn.Conv2d(8, 8, 3))), (1, 3, 16, 16))
    network("op/batch_4", lambda: Modules(nn.Conv2d(8, 8, 3), nn.AdaptiveAvgPool2d(1)), (4, 3, 16, 16))
    network("op/bn_alone", lambda: nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(8),
                                                 nn.Flatten(), nn.BatchNorm1d(8 * 256), nn.Linear(8 * 256, 3)), (1, 3, 16, 16))
    network("op/unet", UNet, (1, 3, 32, 32))
    network("op/yolo", Yolo, (1, 3, 32, 32))


def assigned(x):
    y = x.clone()
    y[:, 2:4, ::2] = 1.0
    y[..., :3] += x[..., 1:4]
    return y


class Permuted(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.Hardswish(), nn.Conv2d(8, 8, 3, groups=8))

    def forward(self, x):
        return self.inner(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, a, b):
        y = self.conv(a)
        z = self.conv(b)
        return y, (y - z).abs().mean((2, 3)), a


class UNet(nn.Module):
    def __init__(self):
        super().__init__()

        def block(cin, cout):
            return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.LeakyReLU(0.1))

        self.a, self.b, self.c = block(3, 8), block(8, 16), block(24, 8)
        self.up = nn.ConvTranspose2d(16, 16, 2, 2)

    def forward(self, x):
        a = self.a(x)
        return self.c(torch.cat([a, self.up(self.b(F.max_pool2d(a, 2)))], 1)).softmax(1)


class Yolo(nn.Module):
    """The C2f block and the head of a detector."""

    def __init__(self):
        super().__init__()
        self.stem, self.inner = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1), nn.SiLU()), nn.Conv2d(8, 8, 3, padding=1)
        self.join, self.head = nn.Conv2d(24, 16, 1), nn.Conv2d(16, 4 * 8 + 5, 1)

    def forward(self, x):
        x = self.stem(x)
        parts = list(x.chunk(2, 1))
        parts.append(F.silu(self.inner(parts[-1])))
        x = self.join(torch.cat(parts, 1))
        x = torch.cat([x[:, :8], F.max_pool2d(x, 5, 1, 2)[:, 8:]], 1)
        boxes, classes = self.head(x).flatten(2).split((32, 5), 1)
        boxes = boxes.view(1, 4, 8, -1).transpose(2, 1).softmax(1)
        boxes = (boxes * torch.arange(8.0).view(1, 8, 1, 1)).sum(1)
        near, far = boxes.chunk(2, 1)
        return torch.cat([(near + far) / 2, far - near, classes.sigmoid()], 1)


# ---- export ----


def randomise(module):
    """What initialisers leave at 0, 1 or 1e-6 would hide mistakes."""
    with torch.no_grad():
        for name, value in [*module.named_parameters(), *module.named_buffers()]:
            if not value.dtype.is_floating_point:
                continue
            if "running_mean" in name or name.endswith("bias"):
                value.add_(torch.empty_like(value).uniform_(-0.1, 0.1))
            elif value.ndim == 1 or "gamma" in name or "layer_scale" in name:
                value.copy_(torch.empty_like(value).uniform_(0.5, 1.5))


def networks():
    for add in (module_networks, torchvision_networks, timm_networks):
        add()
    return NETWORKS


def export(build, path, args):
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.manual_seed(1)
    module, inputs = build()
    module.eval()
    randomise(module)
    names = [f"in{k}" for k in range(len(inputs))]
    options = {"opset_version": args.opset} if args.opset else {}
    dynamo, samples = args.exporter == "dynamo", inputs
    if args.dynamic and dynamo:
        samples = tuple(torch.cat([x, x]) for x in inputs)  # it takes a size of 1 for a constant
        shapes = tuple({0: torch.export.Dim("batch")} for _ in inputs)
        kinds = [p.kind for p in inspect.signature(module.forward).parameters.values()]
        options["dynamic_shapes"] = (shapes,) if inspect.Parameter.VAR_POSITIONAL in kinds else shapes
    elif args.dynamic:
        options["dynamic_axes"] = {n: {0: "batch"} for n in names}
    with contextlib.redirect_stdout(io.StringIO()):
        torch.onnx.export(module, samples, path, dynamo=dynamo, input_names=names, **options)
