"""Staff screens: one block an area, one file an area."""

from django.urls import URLPattern, path

from dutybound_server.console import (
    accounts,
    auditing,
    audits,
    banks,
    cases,
    concern_files,
    concerns,
    deliveries,
    desk,
    disclosure,
    evidence,
    evidence_holds,
    evidence_reports,
    flaggers,
    home,
    intimate,
    items,
    journal,
    looks,
    measures,
    outside,
    publications,
    quality,
    queue,
    same,
    settings,
    staff,
    statements,
    times,
    unfounded,
)
from dutybound_server.console.assessment_urls import PATHS as ASSESSMENT_PATHS
from dutybound_server.console.auditing_urls import PATHS as AUDITING_PATHS
from dutybound_server.console.document_urls import PATHS as DOCUMENT_PATHS

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    # What people tell us: the form, and how fast we are
    path("<slug:service>/reports/", concerns.concerns, name="concerns"),
    path("<slug:service>/reports/<slug:reference>/", concerns.concern, name="concern"),
    path(
        "<slug:service>/reports/<slug:reference>/files/<int:file_id>/look/",
        concern_files.look,
        name="look_at_file",
    ),
    path(
        "<slug:service>/reports/<slug:reference>/files/<int:file_id>/download/",
        concern_files.download,
        name="download_file",
    ),
    path(
        "<slug:service>/reports/<slug:reference>/files/<int:file_id>/<slug:look>/",
        concern_files.picture,
        name="file_picture",
    ),
    path("<slug:service>/reports/<slug:reference>/answer/", concerns.answer, name="answer_concern"),
    path("<slug:service>/reports/<slug:reference>/pause/", concerns.pause, name="pause_concern"),
    path("<slug:service>/reports/<slug:reference>/resume/", concerns.resume, name="resume_concern"),
    path("<slug:service>/reports/<slug:reference>/point/", concerns.point, name="point_concern"),
    path(
        "<slug:service>/reports/<slug:reference>/refuse/", intimate.refuse, name="refuse_intimate"
    ),
    path("<slug:service>/reports/<slug:reference>/watch/", intimate.watch, name="watch_intimate"),
    path("<slug:service>/reports/<slug:reference>/which/", intimate.which, name="which_intimate"),
    path("<slug:service>/reports/<slug:reference>/let/", intimate.let, name="let_intimate"),
    path("<slug:service>/form/", desk.desk, name="desk"),
    path("<slug:service>/form/change/", desk.change, name="change_desk"),
    path("<slug:service>/form/targets/", desk.set_targets, name="set_targets"),
    path("<slug:service>/form/secret/", desk.renew, name="renew_link_secret"),
    path("<slug:service>/times/", times.times, name="times"),
    path("<slug:service>/unfounded/", unfounded.unfounded, name="unfounded"),
    path("<slug:service>/unfounded/approve/", unfounded.approve, name="approve_policy"),
    path("<slug:service>/unfounded/end/", unfounded.end, name="end_policy"),
    path(
        "<slug:service>/unfounded/<int:disregard_id>/check/",
        unfounded.check,
        name="check_disregard",
    ),
    path("<slug:service>/reports/<slug:reference>/aside/", unfounded.set_aside, name="set_aside"),
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
    path(
        "<slug:service>/journal/<int:number>/disclosure/",
        disclosure.disclosure,
        name="entry_disclosure",
    ),
    # Audits, for the service
    path("<slug:service>/audits/", audits.audits, name="audits"),
    path("<slug:service>/audits/open/", audits.begin, name="open_audit"),
    path("<slug:service>/audits/<slug:reference>/end/", audits.end, name="end_audit"),
    path("<slug:service>/audits/<slug:reference>/link/", audits.new_link, name="audit_link"),
    # An audit, for its auditor
    path("audits/", auditing.home, name="audits_of_mine"),
    *AUDITING_PATHS,
    # Staff
    path("<slug:service>/staff/", staff.staff, name="staff"),
    path("<slug:service>/staff/invite/", staff.invite, name="invite"),
    path("<slug:service>/staff/<int:person_id>/grant/", staff.grant, name="grant_role"),
    path("<slug:service>/staff/<int:person_id>/revoke/", staff.revoke, name="revoke_role"),
    path("<slug:service>/staff/<int:person_id>/shut-out/", staff.deactivate, name="deactivate"),
    path("<slug:service>/staff/<int:person_id>/let-in/", staff.reactivate, name="reactivate"),
    path("<slug:service>/staff/<int:person_id>/link/", staff.new_link, name="new_link"),
    path("<slug:service>/staff/<int:person_id>/factor/", staff.reset_factor, name="reset_factor"),
    # Trusted flaggers
    path("<slug:service>/flaggers/", flaggers.flaggers, name="flaggers"),
    path("<slug:service>/flaggers/add/", flaggers.agree, name="agree_flagger"),
    path("<slug:service>/flaggers/flagger/<slug:flagger>/", flaggers.flagger, name="flagger"),
    path(
        "<slug:service>/flaggers/flagger/<slug:flagger>/change/",
        flaggers.change,
        name="change_flagger",
    ),
    path("<slug:service>/flaggers/flagger/<slug:flagger>/end/", flaggers.end, name="end_flagger"),
    path(
        "<slug:service>/flaggers/flagger/<slug:flagger>/people/",
        flaggers.invite,
        name="invite_flagger",
    ),
    path(
        "<slug:service>/flaggers/flagger/<slug:flagger>/people/<int:person_id>/end/",
        flaggers.end_person,
        name="end_flagger_person",
    ),
    path(
        "<slug:service>/flaggers/flagger/<slug:flagger>/people/<int:person_id>/link/",
        flaggers.new_link,
        name="flagger_link",
    ),
    path(
        "<slug:service>/flaggers/flagger/<slug:flagger>/keys/",
        flaggers.issue_key,
        name="issue_flagger_key",
    ),
    path(
        "<slug:service>/flaggers/flagger/<slug:flagger>/keys/<int:key_id>/revoke/",
        flaggers.revoke_key,
        name="revoke_flagger_key",
    ),
    # Statements of reasons
    path("<slug:service>/statements/", statements.statements, name="statements"),
    path("<slug:service>/statements/export/", statements.export, name="export_statements"),
    path("<slug:service>/statements/<int:decision_id>/", statements.statement, name="statement"),
    path(
        "<slug:service>/statements/<int:decision_id>/words/",
        statements.word,
        name="word_statement",
    ),
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
    # Evidence
    path("<slug:service>/evidence/", evidence.evidence, name="evidence"),
    path("<slug:service>/evidence/<int:snapshot_id>/", evidence.snapshot, name="evidence_snapshot"),
    path(
        "<slug:service>/evidence/<int:snapshot_id>/open/",
        evidence.open_snapshot,
        name="evidence_open",
    ),
    path(
        "<slug:service>/evidence/<int:snapshot_id>/files/<int:file_id>/",
        evidence.file,
        name="evidence_file",
    ),
    path(
        "<slug:service>/evidence/<int:snapshot_id>/export/",
        evidence.export,
        name="evidence_export",
    ),
    path(
        "<slug:service>/evidence/<int:snapshot_id>/report/",
        evidence_reports.begin,
        name="evidence_begin",
    ),
    path("<slug:service>/evidence/holds/", evidence_holds.holds, name="evidence_holds"),
    path(
        "<slug:service>/evidence/holds/<int:hold_id>/end/",
        evidence_holds.end_hold,
        name="evidence_end_hold",
    ),
    path("<slug:service>/evidence/notices/", evidence_holds.notices, name="evidence_notices"),
    path(
        "<slug:service>/evidence/notices/<int:notice_id>/",
        evidence_holds.notice,
        name="evidence_notice",
    ),
    path(
        "<slug:service>/evidence/notices/<int:notice_id>/extend/",
        evidence_holds.extend_notice,
        name="evidence_extend",
    ),
    path(
        "<slug:service>/evidence/notices/<int:notice_id>/end/",
        evidence_holds.end_notice,
        name="evidence_end_notice",
    ),
    path("<slug:service>/evidence/reports/", evidence_reports.reports, name="evidence_reports"),
    path(
        "<slug:service>/evidence/reports/<int:report_id>/",
        evidence_reports.report,
        name="evidence_report",
    ),
    path(
        "<slug:service>/evidence/reports/<int:report_id>/sent/",
        evidence_reports.sent,
        name="evidence_sent",
    ),
    path(
        "<slug:service>/evidence/reports/<int:report_id>/send/",
        evidence_reports.hand_on,
        name="evidence_send",
    ),
    path(
        "<slug:service>/evidence/reports/<int:report_id>/withdraw/",
        evidence_reports.withdraw,
        name="evidence_withdraw",
    ),
    # Assessment
    *ASSESSMENT_PATHS,
    # Measures: how each stands, by its probe
    path("<slug:service>/measures/", measures.measures, name="measures"),
    path("<slug:service>/measures/<slug:measure>/", measures.measure, name="measure"),
    # Documents, training, owners, tasks, what is left
    *DOCUMENT_PATHS,
    # What is made of the findings
    path("<slug:service>/publications/", publications.publications, name="publications"),
    path(
        "<slug:service>/publications/make/<slug:kind>/", publications.make, name="publication_make"
    ),
    path("<slug:service>/publications/<int:number>/", publications.publication, name="publication"),
    path(
        "<slug:service>/publications/<int:number>/answer/",
        publications.answer,
        name="publication_answer",
    ),
    path(
        "<slug:service>/publications/<int:number>/withdraw/",
        publications.withdraw_publication,
        name="publication_withdraw",
    ),
    path(
        "<slug:service>/publications/<int:number>/files/<str:name>",
        publications.file,
        name="publication_file",
    ),
]
