"""What the catalogue remembers, as protobuf messages."""

from showfloor.api.session.v1 import product_pb2 as pb
from showfloor.rpc.fields import text
from showfloor.rpc.money import money_message
from showfloor.session.catalogue.domain.product import FEW, Product, ProductDetails, Variant, variant_id
from showfloor.session.catalogue.domain.product_set import ProductSetSaved

LABELS = {
    "": pb.RECOMMENDATION_LABEL_UNSPECIFIED,
    "bestseller": pb.RECOMMENDATION_LABEL_BESTSELLER,
    "trending": pb.RECOMMENDATION_LABEL_TRENDING,
    "high_commission": pb.RECOMMENDATION_LABEL_HIGH_COMMISSION,
    "new": pb.RECOMMENDATION_LABEL_NEW,
}


def product_message(told: ProductDetails, *, for_viewers: bool = False) -> pb.Product:
    """Return a product. Viewers get neither stock nor commission nor invite: who has one may sell it."""
    compared = told.compare_at_minor
    return pb.Product(
        product_id=str(told.product_id),
        shop_id=str(told.shop_id),
        reference=told.reference,
        title=told.title,
        category=told.category,
        price=money_message(told.price_minor, told.currency),
        commission_bps=0 if for_viewers else told.commission_bps,
        label=LABELS[told.label],
        in_showcase=told.in_showcase,
        collab_invite="" if for_viewers else told.collab_invite,
        link=told.link,
        compare_at_price=None if compared is None else money_message(compared, told.currency),
        stock=None if for_viewers else told.stock,
        image_url=told.image_url,
        image_id=text(told.image_id),
        variant_count=len(told.variants),
    )


def variant_message(told: ProductDetails, one: Variant) -> pb.ProductVariant:
    """Return a variant of a product."""
    compared = one.compare_at_minor
    return pb.ProductVariant(
        variant_id=str(variant_id(told.product_id, one.reference)),
        reference=one.reference,
        values=one.values,
        price=money_message(one.price_minor, told.currency),
        compare_at_price=None if compared is None else money_message(compared, told.currency),
        stock=one.stock,
        image_url=one.image_url,
    )


def watched_product_message(told: ProductDetails) -> pb.Product:
    """Return a product with its variants, as viewers see it: of what is plenty they do not learn how much there is."""
    message = product_message(told, for_viewers=True)
    message.options.extend(pb.ProductOption(name=name) for name in told.options)
    for one in told.variants:
        variant = variant_message(told, one)
        if one.stock is not None and one.stock > FEW:
            variant.ClearField("stock")
        message.variants.append(variant)
    return message


def product_state_message(state: Product) -> pb.Product:
    """Return a product that is there, as one who may change it sees it."""
    assert state.kept is not None
    message = product_message(state.kept)
    message.options.extend(pb.ProductOption(name=name) for name in state.kept.options)
    message.variants.extend(variant_message(state.kept, one) for one in state.kept.variants)
    message.archived, message.version = state.archived, state.version
    return message


def product_set_message(saved: ProductSetSaved) -> pb.ProductSet:
    """Return a product set."""
    return pb.ProductSet(
        product_set_id=str(saved.product_set_id),
        shop_id=str(saved.shop_id),
        name=saved.name,
        product_ids=map(str, saved.product_ids),
    )
