"""What Home shows, as protobuf messages."""

from collections.abc import Mapping
from typing import Final

from showfloor.api.events.v1 import home_service_pb2 as pb
from showfloor.events.home.domain.checklist import Deed, Item
from showfloor.events.home.domain.guides import Block, BlockKind, Guide, Kind, Topic
from showfloor.events.home.domain.live_task_rules import Progress
from showfloor.events.home.domain.live_tasks import Reward
from showfloor.rpc.fields import stamp

_DEEDS: Final[Mapping[Deed, "pb.Deed.ValueType"]] = {
    "schedule_event": pb.DEED_SCHEDULE_EVENT,
    "promote_event": pb.DEED_PROMOTE_EVENT,
    "go_live": pb.DEED_GO_LIVE,
    "stay_on_air": pb.DEED_STAY_ON_AIR,
    "show_products": pb.DEED_SHOW_PRODUCTS,
    "pin_product": pb.DEED_PIN_PRODUCT,
    "answer_viewers": pb.DEED_ANSWER_VIEWERS,
}
_KINDS: Final[Mapping[Kind, "pb.GuideKind.ValueType"]] = {
    "tutorial": pb.GUIDE_KIND_TUTORIAL,
    "example": pb.GUIDE_KIND_EXAMPLE,
}
_TOPICS: Final[Mapping[Topic, "pb.GuideTopic.ValueType"]] = {
    "product_selection": pb.GUIDE_TOPIC_PRODUCT_SELECTION,
    "content_structure": pb.GUIDE_TOPIC_CONTENT_STRUCTURE,
    "sales_pitch": pb.GUIDE_TOPIC_SALES_PITCH,
    "violation_risk": pb.GUIDE_TOPIC_VIOLATION_RISK,
}
_BLOCKS: Final[Mapping[BlockKind, "pb.GuideBlockKind.ValueType"]] = {
    "heading": pb.GUIDE_BLOCK_KIND_HEADING,
    "paragraph": pb.GUIDE_BLOCK_KIND_PARAGRAPH,
    "item": pb.GUIDE_BLOCK_KIND_ITEM,
}


def item_message(item: Item) -> pb.ChecklistItem:
    """Return a line of the checklist."""
    return pb.ChecklistItem(deed=_DEEDS[item.deed], done=item.done, last_time=stamp(item.last_at))


def task_message(one: Progress) -> pb.LiveTask:
    """Return how far a task is."""
    task, period = one.task, one.period
    return pb.LiveTask(
        task=task.key,
        title=task.title,
        reward=task.reward,
        goal=task.goal,
        lives=one.lives,
        minutes=task.minutes,
        period_start_time=stamp(period.start),
        period_end_time=stamp(period.end),
        completed=one.completed,
    )


def reward_message(one: Reward) -> pb.EarnedReward:
    """Return what was earned."""
    return pb.EarnedReward(
        task=one.task,
        title=one.title,
        reward=one.reward,
        time=stamp(one.completed_at),
        period_start_time=stamp(one.period_start),
    )


def summary_message(guide: Guide) -> pb.GuideSummary:
    """Return a guide without its text."""
    head = guide.head
    return pb.GuideSummary(
        slug=guide.slug,
        kind=_KINDS[guide.kind],
        topic=_TOPICS[head.topic],
        title=head.title,
        summary=head.summary,
        minutes=head.minutes,
    )


def block_message(block: Block) -> pb.GuideBlock:
    """Return a piece of a guide."""
    return pb.GuideBlock(kind=_BLOCKS[block.kind], text=block.text)
