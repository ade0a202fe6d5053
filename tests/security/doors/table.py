"""Who may open and send to each address: one line a page, for people to read.

A letter is a role at the service: a administrator, g accountable person, m moderator, s senior
moderator, r restricted-harm moderator, u auditor. `-`: the page takes no such request.
Letters after a slash find nothing there (404), since it is another person's. Everybody else at the
service is refused (403); staff of other services, flaggers and people without
any role do not even learn that the page is there (404); strangers are sent to sign in.
A page that is not in the table fails the test: whoever adds one says here who may use it.
"""

CONSOLE = """
page                        GET     POST
concerns                    agmsru  -
concern                     agmsru  -
look_at_file                -       agmsru
download_file               -       agmsru
file_picture                agmsru  -
answer_concern              -       gmsr
pause_concern               -       gmsr
resume_concern              -       gmsr
point_concern               -       msr
refuse_intimate             -       msr
watch_intimate              -       msr
which_intimate              -       msr
let_intimate                -       msr
desk                        agmsru  -
change_desk                 -       a
set_targets                 -       a
renew_link_secret           -       a
times                       agmsru  -
unfounded                   agmsru  -
approve_policy              -       g
end_policy                  -       g
check_disregard             -       msr
set_aside                   msr     msr
queue                       agmsru  -
case                        agmsru  -
claim                       -       msr
release                     -       msr
hand_over                   -       msr
note                        -       msr
draft                       -       msr
guide                       -       msr
decide                      -       msr
undo                        -       msr
same                        s       s
reveal                      -       agmsru
hidden                      agmsru  -
media                       agmsru  -
items                       agmsru  -
item                        agmsru  -
raise_item                  -       msr
hold_item                   -       msr
let_go                      -       msr
quality                     agmsru  -
quality_take                -       msr
quality_rates               -       s
quality_close               -       s
look                        m/sr    m/sr
look_free                   -       s
look_reveal                 -       m/sr
look_media                  m/sr    -
golden                      s       s
golden_retire               -       s
outside                     s       s
outside_outcome             -       s
journal                     agsu    -
entry                       agsu    -
entry_body                  agsu    -
entry_proof                 agsu    -
entry_disclosure            agsu    agsu
audits                      agsu    -
open_audit                  -       ag
end_audit                   -       ag
audit_link                  -       ag
auditing                    u/agmsr -
auditing_commit             -       u/agmsr
auditing_draw               -       u/agmsr
auditing_case               u/agmsr -
auditing_entry              u/agmsr -
auditing_entry_body         u/agmsr -
auditing_entry_proof        u/agmsr -
auditing_bundle             u/agmsr -
auditing_measures           u/agmsr -
auditing_measure            u/agmsr -
auditing_again              u/agmsr -
auditing_documents          u/agmsr -
staff                       a       -
invite                      -       a
grant_role                  -       a
revoke_role                 -       a
deactivate                  -       a
reactivate                  -       a
new_link                    -       a
reset_factor                -       a
flaggers                    agmsru  -
agree_flagger               a       a
flagger                     agmsru  -
change_flagger              a       a
end_flagger                 -       a
invite_flagger              -       a
end_flagger_person          -       a
flagger_link                -       a
issue_flagger_key           -       a
revoke_flagger_key          -       a
statements                  agmsru  -
export_statements           agsu    -
statement                   agmsru  -
word_statement              -       msr
settings                    a       -
change_settings             -       a
issue_key                   -       a
revoke_key                  -       a
banks                       agmsru  -
bank_create                 as      as
bank                        agmsru  -
bank_settings               as      as
bank_history                agmsru  -
bank_add                    as      as
bank_add_picture            as      as
bank_import                 as      as
bank_remove                 -       as
bank_signal                 agmsru  -
bank_release                -       as
deliveries                  agsu    -
resend                      -       as
endpoint_add                -       a
endpoint                    a       a
endpoint_rotate             -       a
endpoint_enable             -       a
accounts                    agmsru  -
account                     agmsru  -
account_open_case           -       msr
evidence                    agmsru  -
evidence_snapshot           agmsru  -
evidence_open               -       agmsru
evidence_file               -       agmsru
evidence_export             -       gsr
evidence_begin              -       gsr
evidence_holds              gsr     gsr
evidence_end_hold           -       gsr
evidence_notices            gsr     gsr
evidence_notice             gsr     -
evidence_extend             -       gsr
evidence_end_notice         -       gsr
evidence_reports            gsr     -
evidence_report             gsr     gsr
evidence_sent               -       gsr
evidence_send               -       gsr
evidence_withdraw           -       gsr
documents                   agsu    -
add_document                ags     ags
document                    agsu    -
renew_document              -       ags
own_document                -       ags
retire_document             -       ags
download_document           -       agsu
training                    agsu    -
record_training             -       ags
withdraw_training           -       ags
measures                    agsu    -
measure                     agsu    -
measure_owners              agsu    -
own_measure                 -       ags
measure_tasks               agmsru  -
close_task                  -       ags/mr
residual                    agsu    -
assessment                  agsu    -
assessment_start            -       ags
assessment_import           ags     ags
assessment_history          agsu    -
assessment_close_task       -       ags
assessment_about            ags     ags
assessment_in_scope         ags     ags
assessment_scope            ags     ags
assessment_exemption        ags     ags
assessment_questions        agsu    -
assessment_question         ags     ags
assessment_children         agsu    -
assessment_risks            agsu    -
assessment_characteristics  ags     ags
assessment_take_proposals   -       ags
assessment_risk             ags     ags
assessment_take_figures     -       ags
assessment_evidence         ags     ags
assessment_measures         agsu    -
assessment_measure          agsu    -
assessment_control          ags     ags
assessment_gaps             agsu    -
assessment_accept           ags     ags
assessment_check            agsu    -
assessment_people           ags     ags
assessment_days             ags     ags
assessment_approve          g       g
assessment_compare          agsu    -
assessment_oscal            agsu    -
assessment_json             agsu    -
assessment_pdf              agsu    -
assessment_record           agsu    -
publications                agsu    -
publication_make            ags     ags
publication                 agsu    -
publication_answer          ags     ags
publication_withdraw        -       ags
publication_file            agsu    -
"""

PUBLIC = """
page                        GET     POST
journal_page                *       -
journal                     *       -
figures                     *       -
figures_of                  *       -
figures_file                *       -
notice                      *       -
appeal                      *       *
appeal_sent                 *       -
report                      *       *
report_colours              *       -
report_form                 c       -
report_first                c       c
report_check                c       c
report_sent                 c       -
report_leave                -       c
report_step                 c       c
concern                     *       -
concern_add                 -       *
concern_messages            -       *
concern_withdraw            *       *
concern_again               -       *
flaggers                    *       -
flagger_home                f       -
flagger_desk                f       -
flagger_record              f       -
flagger_new                 f       f
flagger_report              f       -
"""
"""`*` everybody; the address itself may be a secret. `c` only a browser with the form's cookie.
`f` the people of that trusted flagger, to everybody else who signs in it is not there (404)."""

ACCOUNTS = """
page                                  GET     POST
account_login                         n       n
account_logout                        12      .
account_inactive                      n12     -
account_signup                        n       n
account_reauthenticate                12      12
account_email                         .       .
account_email_verification_sent       n12     -
account_change_password               12      12
account_set_password                  .       .
account_reset_password                n12     n12
account_confirm_login_code            .       .
account_confirm_email                 n12     .
account_reset_password_from_key       n12     n12
account_reset_password_from_key_done  n12     -
account_reset_password_done           n12     -
mfa_index                             12      -
mfa_authenticate                      .       .
mfa_reauthenticate                    2       2
mfa_activate_totp                     .       .
mfa_deactivate_totp                   .       .
mfa_view_recovery_codes               .       -
mfa_generate_recovery_codes           .       .
mfa_download_recovery_codes           .       .
mfa_list_webauthn                     12      -
mfa_add_webauthn                      .       .
mfa_reauthenticate_webauthn           .       .
mfa_remove_webauthn                   .       .
mfa_edit_webauthn                     .       .
mfa_login_webauthn                    .       .
"""
"""Who sees the page: `n` a stranger, `1` somebody signed in without a second factor, `2` with one.
`.` nobody at first: it leads to the sign-in, to a question for the password or the second factor
once more, to the start, or is not there. `account_signup` says that it is closed."""

WATCHING = """
page                        GET     POST
healthz                     *       -
readyz                      *       -
metrics                     t       -
"""
"""`t` who has the metrics token. What is not ready is told only to them, too."""

API = """
operation                   keys
post_item                   i
post_items                  i
get_item                    i
list_holds                  i
delete_account              i
list_banks                  b
create_bank                 b
get_bank                    b
change_bank                 b
list_signals                b
add_signals                 b
remove_signals              b
list_enforcements           e
acknowledge                 e
list_sanctions              e
list_notices                e
get_notice                  e
post_appeal                 e
list_statements             e
post_report                 c
post_complaint              c
post_concern_files          c
list_concerns               c
get_concern                 c
post_report_link            c
post_flag                   f
list_flags                  f
get_flag                    f
get_flagger                 f
"""
"""A letter is the scope a service's key needs: i items, b banks, e enforcements, c concerns. `f` is
the key of a trusted flagger. A key of another scope is refused (403); without a key that fits, with
a session instead of one, and with the other sort of key nobody is known (401)."""
