"""Pages for everyone: no sign-in, one block an area, one file an area."""

from django.urls import URLPattern, path

from dutybound_server.public import figures, flagger, journal, notices, told
from dutybound_server.public.report import pages
from dutybound_server.public.report.colours import colours

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("journal/", journal.page, name="journal_page"),
    path("journal/<path:path>", journal.file, name="journal"),
    # What a person was told, and their appeal
    path("notice/<str:token>/", notices.read, name="notice"),
    path("notice/<str:token>/appeal/", notices.appeal, name="appeal"),
    path("notice/<str:token>/appeal/sent/", notices.sent, name="appeal_sent"),
    # Telling a service what is wrong: one question a page
    path("report/<slug:slug>/", pages.start, name="report"),
    path("report/<slug:slug>/colours.css", colours, name="report_colours"),
    path("report/<slug:slug>/<str:label>/", pages.form, name="report_form"),
    path("report/<slug:slug>/<str:label>/first/", pages.first, name="report_first"),
    path("report/<slug:slug>/<str:label>/check/", pages.check, name="report_check"),
    path("report/<slug:slug>/<str:label>/sent/", pages.sent, name="report_sent"),
    path("report/<slug:slug>/<str:label>/leave/", pages.leave, name="report_leave"),
    path("report/<slug:slug>/<str:label>/<str:name>/", pages.step, name="report_step"),
    # Where what one told is, and what came of it
    path("told/<str:token>/", told.read, name="concern"),
    path("told/<str:token>/add/", told.add, name="concern_add"),
    path("told/<str:token>/messages/", told.messages, name="concern_messages"),
    path("told/<str:token>/withdraw/", told.withdraw, name="concern_withdraw"),
    path("told/<str:token>/again/", told.again, name="concern_again"),
    # Transparency figures that a service shows to everyone
    path("figures/<slug:service>/", figures.figures, name="figures"),
    path("figures/<slug:service>/<int:number>/", figures.figures_of, name="figures_of"),
    path("figures/<slug:service>/<int:number>/<str:name>", figures.file, name="figures_file"),
    # Trusted flaggers: who they are, and their own desk, for which they sign in
    path("flaggers/<slug:service>/", flagger.flaggers, name="flaggers"),
    path("flagger/", flagger.home, name="flagger_home"),
    path("flagger/<slug:service>/<slug:flagger>/", flagger.desk, name="flagger_desk"),
    path("flagger/<slug:service>/<slug:flagger>/record/", flagger.record, name="flagger_record"),
    path("flagger/<slug:service>/<slug:flagger>/new/", flagger.report, name="flagger_new"),
    path(
        "flagger/<slug:service>/<slug:flagger>/reports/<slug:reference>/",
        flagger.one_report,
        name="flagger_report",
    ),
]
