"""Staff screens: one block an area, one file an area."""

from django.urls import URLPattern, path

from dutybound_server.console import (
    accounts,
    assessment,
    assessment_measures,
    assessment_outputs,
    assessment_questions,
    assessment_risks,
    banks,
    cases,
    concerns,
    deliveries,
    desk,
    home,
    items,
    journal,
    looks,
    outside,
    quality,
    queue,
    same,
    settings,
    staff,
    work,
)

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    # What people tell us: the form, and how fast we are
    path("<slug:service>/reports/", concerns.concerns, name="concerns"),
    path("<slug:service>/reports/<slug:reference>/", concerns.concern, name="concern"),
    path("<slug:service>/reports/<slug:reference>/answer/", concerns.answer, name="answer_concern"),
    path("<slug:service>/reports/<slug:reference>/pause/", concerns.pause, name="pause_concern"),
    path("<slug:service>/reports/<slug:reference>/resume/", concerns.resume, name="resume_concern"),
    path("<slug:service>/reports/<slug:reference>/point/", concerns.point, name="point_concern"),
    path("<slug:service>/form/", desk.desk, name="desk"),
    path("<slug:service>/form/change/", desk.change, name="change_desk"),
    path("<slug:service>/form/targets/", desk.set_targets, name="set_targets"),
    path("<slug:service>/form/secret/", desk.renew, name="renew_link_secret"),
    path("<slug:service>/work/", work.work, name="work"),
    # Cases
    path("<slug:service>/cases/", queue.queue, name="queue"),
    path("<slug:service>/cases/<slug:reference>/", cases.case, name="case"),
    path("<slug:service>/cases/<slug:reference>/claim/", cases.claim, name="claim"),
    path("<slug:service>/cases/<slug:reference>/release/", cases.release, name="release"),
    path("<slug:service>/cases/<slug:reference>/hand-over/", cases.hand_over, name="hand_over"),
    path("<slug:service>/cases/<slug:reference>/note/", cases.note, name="note"),
    path("<slug:service>/cases/<slug:reference>/draft/", cases.draft, name="draft"),
    path("<slug:service>/cases/<slug:reference>/guide/", cases.guide, name="guide"),
    path("<slug:service>/cases/<slug:reference>/decide/", cases.decide, name="decide"),
    path("<slug:service>/cases/<slug:reference>/undo/<int:decision_id>/", cases.undo, name="undo"),
    path("<slug:service>/cases/<slug:reference>/same/", same.same, name="same"),
    path(
        "<slug:service>/cases/<slug:reference>/media/<int:media_id>/reveal/",
        cases.reveal,
        name="reveal",
    ),
    path(
        "<slug:service>/cases/<slug:reference>/media/<int:media_id>/hide/",
        cases.hidden,
        name="hidden",
    ),
    path(
        "<slug:service>/cases/<slug:reference>/media/<int:media_id>/<slug:look>/",
        cases.media,
        name="media",
    ),
    # Items
    path("<slug:service>/items/", items.items, name="items"),
    path("<slug:service>/items/<int:item_id>/", items.item, name="item"),
    path("<slug:service>/items/<int:item_id>/raise/", items.raise_item, name="raise_item"),
    path("<slug:service>/items/<int:item_id>/hold/", items.hold, name="hold_item"),
    path("<slug:service>/items/<int:item_id>/let-go/", items.let_go, name="let_go"),
    # Quality
    path("<slug:service>/quality/", quality.quality, name="quality"),
    path("<slug:service>/quality/take/", quality.take, name="quality_take"),
    path("<slug:service>/quality/shares/", quality.rates, name="quality_rates"),
    path(
        "<slug:service>/quality/calibrations/<int:calibration_id>/close/",
        quality.close,
        name="quality_close",
    ),
    path("<slug:service>/quality/looks/<int:look_id>/", looks.look, name="look"),
    path("<slug:service>/quality/looks/<int:look_id>/free/", quality.free, name="look_free"),
    path(
        "<slug:service>/quality/looks/<int:look_id>/media/<int:media_id>/reveal/",
        looks.reveal,
        name="look_reveal",
    ),
    path(
        "<slug:service>/quality/looks/<int:look_id>/media/<int:media_id>/<slug:look>/",
        looks.media,
        name="look_media",
    ),
    path("<slug:service>/cases/<slug:reference>/golden/", quality.golden, name="golden"),
    path(
        "<slug:service>/quality/golden/<int:golden_id>/retire/",
        quality.retire,
        name="golden_retire",
    ),
    path("<slug:service>/cases/<slug:reference>/outside/", outside.outside, name="outside"),
    path(
        "<slug:service>/cases/<slug:reference>/outside/<int:review_id>/",
        outside.outcome,
        name="outside_outcome",
    ),
    # Journal
    path("<slug:service>/journal/", journal.entries, name="journal"),
    path("<slug:service>/journal/<int:number>/", journal.entry, name="entry"),
    path("<slug:service>/journal/<int:number>/entry/", journal.body, name="entry_body"),
    path("<slug:service>/journal/<int:number>/proof/", journal.proof, name="entry_proof"),
    # Staff
    path("<slug:service>/staff/", staff.staff, name="staff"),
    path("<slug:service>/staff/invite/", staff.invite, name="invite"),
    path("<slug:service>/staff/<int:person_id>/grant/", staff.grant, name="grant_role"),
    path("<slug:service>/staff/<int:person_id>/revoke/", staff.revoke, name="revoke_role"),
    path("<slug:service>/staff/<int:person_id>/shut-out/", staff.deactivate, name="deactivate"),
    path("<slug:service>/staff/<int:person_id>/let-in/", staff.reactivate, name="reactivate"),
    path("<slug:service>/staff/<int:person_id>/link/", staff.new_link, name="new_link"),
    path("<slug:service>/staff/<int:person_id>/factor/", staff.reset_factor, name="reset_factor"),
    # Settings
    path("<slug:service>/settings/", settings.settings, name="settings"),
    path("<slug:service>/settings/change/", settings.change, name="change_settings"),
    path("<slug:service>/settings/keys/", settings.issue, name="issue_key"),
    path("<slug:service>/settings/keys/<int:key_id>/revoke/", settings.revoke, name="revoke_key"),
    # Banks
    path("<slug:service>/banks/", banks.banks, name="banks"),
    path("<slug:service>/banks/new/", banks.create, name="bank_create"),
    path("<slug:service>/banks/bank/<slug:name>/", banks.bank, name="bank"),
    path("<slug:service>/banks/bank/<slug:name>/settings/", banks.settings, name="bank_settings"),
    path("<slug:service>/banks/bank/<slug:name>/history/", banks.history, name="bank_history"),
    path("<slug:service>/banks/bank/<slug:name>/add/", banks.add, name="bank_add"),
    path(
        "<slug:service>/banks/bank/<slug:name>/add/picture/",
        banks.add_picture,
        name="bank_add_picture",
    ),
    path("<slug:service>/banks/bank/<slug:name>/import/", banks.import_file, name="bank_import"),
    path("<slug:service>/banks/bank/<slug:name>/remove/", banks.remove, name="bank_remove"),
    path(
        "<slug:service>/banks/bank/<slug:name>/signals/<int:signal_id>/",
        banks.signal,
        name="bank_signal",
    ),
    path(
        "<slug:service>/banks/bank/<slug:name>/signals/<int:signal_id>/release/",
        banks.release,
        name="bank_release",
    ),
    # Deliveries
    path("<slug:service>/deliveries/", deliveries.deliveries, name="deliveries"),
    path(
        "<slug:service>/deliveries/messages/<int:delivery_id>/resend/",
        deliveries.resend,
        name="resend",
    ),
    path("<slug:service>/deliveries/endpoints/", deliveries.add_endpoint, name="endpoint_add"),
    path(
        "<slug:service>/deliveries/endpoints/<int:endpoint_id>/",
        deliveries.endpoint,
        name="endpoint",
    ),
    path(
        "<slug:service>/deliveries/endpoints/<int:endpoint_id>/secret/",
        deliveries.rotate,
        name="endpoint_rotate",
    ),
    path(
        "<slug:service>/deliveries/endpoints/<int:endpoint_id>/enable/",
        deliveries.enable,
        name="endpoint_enable",
    ),
    # Accounts
    path("<slug:service>/accounts/", accounts.accounts, name="accounts"),
    path("<slug:service>/accounts/<int:account_id>/", accounts.account, name="account"),
    path(
        "<slug:service>/accounts/<int:account_id>/case/",
        accounts.open_case,
        name="account_open_case",
    ),
    # Assessment
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
