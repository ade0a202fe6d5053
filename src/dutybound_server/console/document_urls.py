"""Addresses of documents, training, owners, tasks, and what is left of each risk."""

from django.urls import URLPattern, path

from dutybound_server.console import documents, measure_tasks, residual, training

PATHS: list[URLPattern] = [
    path("<slug:service>/documents/", documents.documents, name="documents"),
    path("<slug:service>/documents/add/<slug:kind>/", documents.add, name="add_document"),
    path("<slug:service>/documents/<int:document_id>/", documents.document, name="document"),
    path(
        "<slug:service>/documents/<int:document_id>/renew/", documents.renew, name="renew_document"
    ),
    path("<slug:service>/documents/<int:document_id>/own/", documents.own, name="own_document"),
    path(
        "<slug:service>/documents/<int:document_id>/retire/",
        documents.retire,
        name="retire_document",
    ),
    path(
        "<slug:service>/documents/<int:document_id>/versions/<int:number>/",
        documents.download,
        name="download_document",
    ),
    path("<slug:service>/training/", training.training, name="training"),
    path("<slug:service>/training/record/", training.record, name="record_training"),
    path(
        "<slug:service>/training/<int:training_id>/withdraw/",
        training.withdraw,
        name="withdraw_training",
    ),
    path("<slug:service>/owners/", measure_tasks.owners, name="measure_owners"),
    path("<slug:service>/owners/<str:measure>/", measure_tasks.own, name="own_measure"),
    path("<slug:service>/tasks/", measure_tasks.tasks, name="measure_tasks"),
    path("<slug:service>/tasks/<int:task_id>/close/", measure_tasks.close, name="close_task"),
    path("<slug:service>/residual/", residual.residual, name="residual"),
]
