"""Typed ids: a number that names one kind of thing cannot be handed over as another."""

from typing import NewType

ArrivalId = NewType("ArrivalId", int)
ContactId = NewType("ContactId", int)
IdentityId = NewType("IdentityId", int)
LinkId = NewType("LinkId", int)
OrganizationId = NewType("OrganizationId", int)
AgentId = NewType("AgentId", int)
TeamId = NewType("TeamId", int)
ConversationId = NewType("ConversationId", int)
ThreadId = NewType("ThreadId", int)
MessageId = NewType("MessageId", int)
AttachmentId = NewType("AttachmentId", int)
EventId = NewType("EventId", int)
DecisionId = NewType("DecisionId", int)
ClockId = NewType("ClockId", int)
PromiseId = NewType("PromiseId", int)
DeliveryId = NewType("DeliveryId", int)

ChannelName = NewType("ChannelName", str)
"""The name of one `[channel.<name>]` of the config."""

NetworkKey = NewType("NetworkKey", str)
"""A network's own name for one message (a Message-ID, a chat's message id): opaque, compared and never parsed."""
TaskId = NewType("TaskId", int)
PageId = NewType("PageId", int)
NotificationId = NewType("NotificationId", int)
NoteId = NewType("NoteId", int)
DeskId = NewType("DeskId", int)
CardId = NewType("CardId", int)
PostId = NewType("PostId", int)
AccessId = NewType("AccessId", int)
WebhookId = NewType("WebhookId", int)
ReportLetterId = NewType("ReportLetterId", int)
CallId = NewType("CallId", int)
ArticleId = NewType("ArticleId", int)
AssetId = NewType("AssetId", int)
ContractId = NewType("ContractId", int)
BroadcastId = NewType("BroadcastId", int)
