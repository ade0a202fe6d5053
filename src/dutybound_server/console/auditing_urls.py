"""An auditor's own pages, below the address of their audit."""

from django.urls import URLPattern, path

from dutybound_server.console import auditing, auditing_measures

AT = "<slug:service>/auditing/<slug:reference>/"
PATHS: list[URLPattern] = [
    path(AT, auditing.auditing, name="auditing"),
    path(f"{AT}commit/", auditing.commit, name="auditing_commit"),
    path(f"{AT}draw/", auditing.draw, name="auditing_draw"),
    path(f"{AT}cases/<slug:case>/", auditing.case, name="auditing_case"),
    path(f"{AT}entries/<int:number>/", auditing.entry, name="auditing_entry"),
    path(
        f"{AT}entries/<int:number>/body/",
        auditing.entry_file,
        {"part": "body"},
        name="auditing_entry_body",
    ),
    path(
        f"{AT}entries/<int:number>/proof/",
        auditing.entry_file,
        {"part": "proof"},
        name="auditing_entry_proof",
    ),
    path(f"{AT}bundle/", auditing.bundle, name="auditing_bundle"),
    path(f"{AT}measures/", auditing_measures.measures, name="auditing_measures"),
    path(f"{AT}measures/<slug:measure>/", auditing_measures.measure, name="auditing_measure"),
    path(f"{AT}findings/<int:finding_id>/", auditing_measures.again, name="auditing_again"),
    path(f"{AT}documents/", auditing_measures.documents, name="auditing_documents"),
]
