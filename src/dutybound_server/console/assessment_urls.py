"""Addresses of the assessment."""

from django.urls import URLPattern, path

from dutybound_server.console import (
    assessment,
    assessment_measures,
    assessment_outputs,
    assessment_questions,
    assessment_risks,
)

PATHS: list[URLPattern] = [
    path("<slug:service>/assessment/", assessment.home, name="assessment"),
    path("<slug:service>/assessment/start/", assessment.start, name="assessment_start"),
    path("<slug:service>/assessment/import/", assessment.import_file, name="assessment_import"),
    path("<slug:service>/assessment/history/", assessment.history, name="assessment_history"),
    path(
        "<slug:service>/assessment/tasks/<int:task_id>/close/",
        assessment.close_task,
        name="assessment_close_task",
    ),
    path("<slug:service>/assessment/service/", assessment_questions.about, name="assessment_about"),
    path(
        "<slug:service>/assessment/scope/",
        assessment_questions.in_scope,
        name="assessment_in_scope",
    ),
    path(
        "<slug:service>/assessment/scope/<slug:test>/",
        assessment_questions.scope,
        name="assessment_scope",
    ),
    path(
        "<slug:service>/assessment/exemptions/<slug:exemption>/",
        assessment_questions.exemption,
        name="assessment_exemption",
    ),
    path(
        "<slug:service>/assessment/questions/",
        assessment_questions.questions,
        name="assessment_questions",
    ),
    path(
        "<slug:service>/assessment/questions/<slug:question>/",
        assessment_questions.question,
        name="assessment_question",
    ),
    path(
        "<slug:service>/assessment/children/",
        assessment_questions.children,
        name="assessment_children",
    ),
    path("<slug:service>/assessment/risks/", assessment_risks.risks, name="assessment_risks"),
    path(
        "<slug:service>/assessment/particular/",
        assessment_risks.characteristics,
        name="assessment_characteristics",
    ),
    path(
        "<slug:service>/assessment/risks/take/",
        assessment_risks.take_proposals,
        name="assessment_take_proposals",
    ),
    path(
        "<slug:service>/assessment/risks/<slug:harm>/",
        assessment_risks.risk,
        name="assessment_risk",
    ),
    path(
        "<slug:service>/assessment/risks/<slug:harm>/figures/",
        assessment_risks.take_figures,
        name="assessment_take_figures",
    ),
    path(
        "<slug:service>/assessment/risks/<slug:harm>/evidence/",
        assessment_risks.evidence,
        name="assessment_evidence",
    ),
    path(
        "<slug:service>/assessment/measures/",
        assessment_measures.measures,
        name="assessment_measures",
    ),
    path(
        "<slug:service>/assessment/measures/<str:measure>/",
        assessment_measures.measure,
        name="assessment_measure",
    ),
    path(
        "<slug:service>/assessment/controls/<str:control>/",
        assessment_measures.control,
        name="assessment_control",
    ),
    path("<slug:service>/assessment/gaps/", assessment_measures.left, name="assessment_gaps"),
    path(
        "<slug:service>/assessment/gaps/<str:gap>/accept/",
        assessment_measures.accept,
        name="assessment_accept",
    ),
    path("<slug:service>/assessment/check/", assessment_outputs.check, name="assessment_check"),
    path("<slug:service>/assessment/people/", assessment_outputs.people, name="assessment_people"),
    path("<slug:service>/assessment/days/", assessment_outputs.days, name="assessment_days"),
    path(
        "<slug:service>/assessment/approve/", assessment_outputs.approve, name="assessment_approve"
    ),
    path(
        "<slug:service>/assessment/compare/",
        assessment_outputs.comparison,
        name="assessment_compare",
    ),
    path(
        "<slug:service>/assessment/<slug:which>/oscal.json",
        assessment_outputs.oscal,
        name="assessment_oscal",
    ),
    path(
        "<slug:service>/assessment/<slug:which>/assessment.json",
        assessment_outputs.as_json,
        name="assessment_json",
    ),
    path(
        "<slug:service>/assessment/<slug:which>/<slug:name>.pdf",
        assessment_outputs.pdf,
        name="assessment_pdf",
    ),
    path(
        "<slug:service>/assessment/<slug:which>/read/<slug:name>/",
        assessment_outputs.record,
        name="assessment_record",
    ),
]
