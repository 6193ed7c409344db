"""Words before a name that say whose it is: a person's, or a street's, a school's, a ward's.

Asked alike for capitalised names and for those in small letters.
"""

import re
from typing import NamedTuple

from .page import Found
from .words import Before, vocabulary


class Person(NamedTuple):
    """`told`: words before it say that a person is meant, so no place of that name speaks against it."""

    found: Found
    told: bool


RANKS = vocabulary("hai|ba|tư|năm|sáu|bảy|tám|chín|mười|út|tu|nam|sau|bay|tam|chin|ut").marked
MIDDLE = vocabulary("thị|văn")
NAMED_SO = vocabulary(
    """taxi|bún|bún bò|phở|cơm|xe khách|nhà xe|chè|bánh mì|cháo|lẩu|hủ tiếu|bánh|tiệm vàng|tạp hóa|tạp hoá
    |tiệm bánh|cà phê|cafe|đồ|đường|phố|ngõ|ngách|hẻm|kiệt|trường|thpt|thcs|tiểu học|mầm non|mẫu giáo
    |đại học|học viện|cao đẳng|chợ|cầu|th|mn|đh|ptth|công viên|bệnh viện|bv|phường|xã|quận|huyện|tỉnh
    |thành phố|tp|thị trấn|thị xã|thôn|ấp|xóm|khu|kcn|kdc|tdp|buôn|bản|làng|tòa|toà|tòa nhà|toà nhà
    |chung cư|cc|công ty|cty|sông|kênh|rạch|hồ|đình|chùa|đền|lăng|tượng đài|tượng|nghĩa trang|suối|đồi|cống
    |dự án|khách sạn|quán|siêu thị|ga|bến xe|bến|đại lộ|ngã ba|ngã tư|ngã năm|ngã sáu|góc|giao lộ|hầm|đảo
    |núi|đèo|dốc|miếu|am|p|q|f|h|x|ngân hàng|cửa hàng|nhà thuốc|nhà hàng|quảng trường|khu đô thị|kđt|vườn
    |nhà văn hóa|nhà văn hoá|nhà thờ|tiệm|shop|vỉa hè|lề đường|hướng|đoạn|tuyến|biển|giáp|ẩm thực|vườn hoa
    |bùng binh|bảo tàng|khu lưu niệm|di tích|nhà sách|rạp|sân|sân vận động|svđ|giải|lễ hội|hội|cup|đội bóng
    |clb|nhà máy|xưởng|htx|hợp tác xã|tập đoàn|cụm|khối|khu phố|miền|nhà trẻ|trạm|cảng|nội thất|garage|spa
    |karaoke|phòng khám|hiệu|thương hiệu|nhãn hiệu|hãng|app|báo|tạp chí|nhà xuất bản|gạo|mì|nước mắm
    |đặc sản|triều|nhà vua|thuyền|tàu|lớp|nhóm|luật|bộ luật|sách|truyện|thơ của|bài|loại|tết|tháp|thành
    |hang|động|khách sạn|nhà nghỉ|bãi|bãi biển|bãi xe|cây xăng|hải sản|trung tâm|viện|phong trào|quỹ
    |giải thưởng|học bổng|chi nhánh|mương|đập|đê|hồ chứa|thủy điện|cù lao|vịnh|cồn|mũi|phà|bia|tượng đài
    |đài|nút|quầy|gốm|giáo xứ|họ đạo|hè|gia cầm|tái định cư|căn hộ|cv|đg|nhà chờ|đồng|cửa|bưu điện|y tế
    |sạt lở|du lịch|cano|tour|khúc|thú y|nhà thiếu nhi|cầu vượt|cầu sắt|công an|tòa án|ubnd|hđnd|khu dân cư
    |khu công nghiệp|dân tộc|người dân tộc|chung cư cũ|đảo|phố đi bộ|nút giao|vòng xoay|vòng xuyến|hương lộ
    |tỉnh lộ|quốc lộ|cao tốc|cư xá|tập thể|lô|block|phân khu|toà án|bến phà|bến đò""",
    "con cho he hoi dong cua am bai thanh hang dai giai nut mai h x f",
)
LOCATING = vocabulary(
    """ở|tại|trên|từ|đến|tới|qua|dọc|cuối|đầu|gần|vào|ra|về|lên|xuống|dưới|cạnh|sau|trước|ngang|quanh|bên
    |đối diện|mặt|hai bên|cắt|giao|nối|sát|khắp|trong|ngoài|theo|phía|chỗ|khúc|đi"""
)
NO_FIRST = vocabulary(
    """tôi|em|anh|chị|ông|bà|cô|chú|bác|đề|kính|xin|nay|hiện|tại|đơn|sở|bộ|ủy|uỷ|công|ban|chủ|trưởng|phó
    |giám|bí|hiệu|tổ|cán|cảnh|bảo|luật|việt|ơi|nào|ubnd|hđnd|cty|tp|nhờ|mong|rất|cảm|trân|cám|không|có|đã
    |đang|sẽ|và|nhưng|vì|nếu|khi|ai|gì|sao|hộ|người|dân|nhà|con|cháu|mình|chúng|gửi|thưa|dạ|alo|ad|admin
    |csgt|phòng|phường|xã|quận|huyện|tỉnh|thôn|ấp|khu|đường|phố|chợ|trường|bệnh|cầu|số|sđt|cccd|cmnd|stk
    |mst|zalo|facebook|fb|gmail|vietcombank|bidv|hn|hcm|sg|đn|ql|tl|bhxh|bhyt|thcs|thpt|mặt|hội|đoàn|đảng
    |nước|điện|xe|biển|cách|hôm|sáng|trưa|chiều|tối|đêm|ngày|tháng|tết|quốc|nhân|giáo|bên|trên|dưới|trong
    |ngoài|theo|từng|mỗi|các|những|một|lần|vụ|việc|họ|nó|ổng|bả|ảnh|chỉ|làm|thì|là|ở|ký|tên|để|vào|ra|lên
    |cho|tiền|đi|về|bị|được|nghị|quyết|thông|căn|chứng|hỏi|bao|cần|nên|hãy|đừng|kêu|gọi|thấy|nghe|nói|mà
    |rồi|cứ|vẫn|còn|cũng|nữa|trẻ|bữa|giờ|lúc|sau|trước|từ|đến|qua|bằng|cùng|với|do|bởi|tuy|dù|chưa|hoặc|hay
    |thế|vậy|ok|mẹ|bố|cha|vợ|chồng|tui|mạng|đất|cây|rác|chó|mèo|đèn|loa|cống|ổ|hố|vỉa|nhiều|toàn|tất|cả|ủa
    |trời|đội|trạm|tòa|toà|viện|đại|trung tâm|kế|phản|yêu|thủ|dịch|dự|hợp|quy|thuế|phí|giá|hàng|quán|tiệm
    |karaoke|bar|facebook|youtube|google|shopee|grab|wifi|camera|internet|app|sim|dân|bà|tp.hcm|tphcm|covid
    |idol|ad|page|group""",
    "an ban bao bi can chi co con cong cu dai dan dang de den do du duong gia ha hay hien ho hoi hop"
    " huyen khu la lam lan le luc ly mai minh nay nam nga ngoai nguoi nhan nhat nho nhu nien nu oi phi"
    " phong phu pho qua quan quoc quy quyet sang sau so son tan tang than thanh thao thau the thi thien"
    " thong thu thue thuy toan trang tri trung truong tu vi viet vu xuan hang ma mang trong tinh thang",
)
NO_TEN = vocabulary(
    "trùng|gạch|xuất|quyền|danh|đúng|họ|nguyên|tuổi|liệt|tích|bút|biệt|sang|đứng|đổi|đặt|nêu|quên|giả|dấu"
    "|không|ghi|nêu|điền|bỏ|sai|trùng|thêm|xóa|xoá|cùng|dưới|có|mượn|lấy|biển|đề"
)
_SHORT = re.compile(r"(?:(?<!\w)(?:tp|tx|tt|bv|[pqfhxđd])\s?\.\s?|\w\s?[-–/]\s?|\d[a-z]?,?\s)$")


def is_named_so(before: Before) -> bool:
    """Whether the words before say street, school, unit or firm, or a house number does."""
    text = before.text
    if NAMED_SO.ends(before) and text.rstrip()[-1:] not in ",-–":
        return True
    last = text.rstrip()[-1:]
    return (last in ("/", ".", "-", "–", ",") or any(map(str.isdigit, text[-4:]))) and bool(
        _SHORT.search(text)
    )


NO_NICK = vocabulary(
    """pháp|nhân|vấn|duy|liệu|thục|cách|nay|trước|sau|ngoái|học|mươi|trăm|tháng|ngày|giờ|lần|bà|vì|đình|tri
    |tơ|bể|lan|na|căn|nghĩa|núi|đồn|chẽ|tuần|hàng|chợ|vị|đầu|người|con|cái|điểm|bên|mẫu|chế|chẻ|bò|cống|tầng
    |thế|xã|ngành|đồng|đường|cây|thanh|đống|kèo|càng|rọi|gác|hòn|làng|bánh|tai|chùa|cu|lai|rau
    |lệnh|tưởng|thất"""
)
CALLS = re.compile(r"\bt[êe]n\b|^người|^nguoi")
