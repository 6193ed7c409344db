"""Addresses of a petition's pages: Vietnamese without diacritics."""

from django.urls import path, re_path

from feedback.views import (
    audit,
    behind,
    board,
    calls,
    citizen,
    desk,
    files,
    keys,
    objections,
    papers,
    register,
)

app_name = "feedback"
urlpatterns = [
    path("", citizen.home, name="home"),
    path("gui/", citizen.file, name="file"),
    path("gui/doc-thu/", citizen.try_reading, name="try_reading"),
    path("gui/xa/", citizen.communes, name="communes"),
    path("bien-nhan/<str:code>/", citizen.receipt, name="receipt"),
    path("tra-cuu/", citizen.track, name="track"),
    path("tra-cuu/<str:code>/", citizen.follow, name="follow"),
    path("tra-cuu/<str:code>/<str:slug>/", citizen.say, name="say"),
    re_path(r"^cong-khai/(?P<code>[0-9]{12})/bao/$", objections.object_to, name="object"),
    path("tep/<int:pk>/", files.attachment, name="attachment"),
    path("xu-ly/", desk.desk, name="desk"),
    path("xu-ly/so-don/", register.listed, name="register"),
    path("xu-ly/phim-tat/", keys.single_keys, name="single_keys"),
    path("xu-ly/ghi/", calls.enter, name="enter"),
    path("xu-ly/ghi/nguoi-goi/", calls.caller, name="caller"),
    path("xu-ly/ghi/<str:code>/", calls.entered, name="entered"),
    path("xu-ly/<str:code>/", desk.petition, name="petition"),
    path("xu-ly/<str:code>/nhap/", desk.draft, name="draft"),
    path("xu-ly/<str:code>/khong-dang/", desk.withhold, name="withhold"),
    path("xu-ly/<str:code>/de-nguyen/", objections.leave, name="leave"),
    path("xu-ly/<str:code>/danh-tinh/", desk.identity, name="identity"),
    path("xu-ly/<str:code>/chon/", desk.choose, name="choose"),
    path("xu-ly/<str:code>/van-ban/", papers.listed, name="papers"),
    path("xu-ly/<str:code>/van-ban/<str:slug>/", papers.write, name="write"),
    path("xu-ly/<str:code>/<str:action>/", desk.act, name="act"),
    path("giam-sat/", board.board, name="board"),
    path("kiem-tra/", audit.log, name="audit"),
    path("kiem-tra/neo/", audit.anchored, name="anchors"),
    path("kiem-tra/xuat/", audit.export, name="export"),
    path("kiem-tra/<str:code>/", audit.audited, name="audited"),
    path("giam-sat/don/", behind.behind, name="behind"),
    path("giam-sat/nhac/<str:code>/", board.remind, name="remind"),
]
