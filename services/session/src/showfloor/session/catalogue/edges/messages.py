"""What the catalogue remembers, as protobuf messages."""

from showfloor.api.session.v1 import product_pb2 as pb
from showfloor.rpc.money import money_message
from showfloor.session.catalogue.domain.product import ProductKept
from showfloor.session.catalogue.domain.product_set import ProductSetSaved

LABELS = {
    "": pb.RECOMMENDATION_LABEL_UNSPECIFIED,
    "bestseller": pb.RECOMMENDATION_LABEL_BESTSELLER,
    "trending": pb.RECOMMENDATION_LABEL_TRENDING,
    "high_commission": pb.RECOMMENDATION_LABEL_HIGH_COMMISSION,
    "new": pb.RECOMMENDATION_LABEL_NEW,
}


def product_message(kept: ProductKept, *, for_viewers: bool = False) -> pb.Product:
    """Return a product of the catalogue. Viewers get neither commission nor invite: who has one may sell it."""
    return pb.Product(
        product_id=str(kept.product_id),
        shop_id=str(kept.shop_id),
        reference=kept.reference,
        title=kept.title,
        category=kept.category,
        price=money_message(kept.price_minor, kept.currency),
        commission_bps=0 if for_viewers else kept.commission_bps,
        label=LABELS[kept.label],
        in_showcase=kept.in_showcase,
        collab_invite="" if for_viewers else kept.collab_invite,
        link=kept.link,
    )


def product_set_message(saved: ProductSetSaved) -> pb.ProductSet:
    """Return a product set."""
    return pb.ProductSet(
        product_set_id=str(saved.product_set_id),
        shop_id=str(saved.shop_id),
        name=saved.name,
        product_ids=map(str, saved.product_ids),
    )
