"""Names of persons: by a title, by words that say a name follows, by a family name, as a signature.

A capitalised name is a street's, a school's or a ward's as often as a person's: the words before it decide.
Small and unmarked letters count only after words that leave little doubt ("tôi tên là nguyen van an").
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..text import fold
from .numbers import BANK
from .page import Found, Page
from .words import FAMILIES, GIVEN, STREETS, SURE_FAMILIES, Before, pattern, vocabulary

# Ranges of code points mix capitals and small letters (ở lies between À and Ỹ), hence written out.
_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐŎŌŠŽÑÖÜ"
_WORD = rf"[{_UPPER}](?:[^\W\d_]|['’])*(?:-[^\W\d_]+)?(?![\d_])"
_RUN = re.compile(
    rf"(?<![\w'’])(?<!\w-){_WORD}(?:[ ](?:(?<!iêu )(?<!ieu )(?:thị|văn|thi|van)[ ](?=[{_UPPER}]))?{_WORD})*"
)
_LONGEST = 5  # syllables of a name


class Person(NamedTuple):
    """`told`: words before it say that a person is meant, so no place of that name speaks against it."""

    found: Found
    told: bool


# --- words, with marks and without -----------------------------------------------------------------


_RANKS = frozenset(
    [
        "hai",
        "ba",
        "tư",
        "năm",
        "sáu",
        "bảy",
        "tám",
        "chín",
        "mười",
        "út",
        "tu",
        "nam",
        "sau",
        "bay",
        "tam",
        "chin",
        "ut",
    ]
)
_MIDDLE = vocabulary("thị|văn")

_TITLES = vocabulary(
    "ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|cụ|dì|cậu|mợ|bé|thím|dượng|mẹ|má|bố|cha|vợ|chồng|tui|tôi|mình"
    "|sếp|thằng|a|c|e"
    "|cu|nhóc|gã|trùm|đại ca|sư cô|ni cô|soeur|ông lang|thầy lang|thượng tọa"
    "|đồng chí|đ/c|mụ|lão|mệ|shipper|mr|ms|mrs|lh|bs|ls|bạn|vợ chồng"
)
_ROLES = vocabulary(
    """trưởng thôn|phó thôn|thôn trưởng|tổ trưởng|tổ phó|trưởng ấp|ấp trưởng|trưởng ban|phó ban|chủ tịch
    |phó chủ tịch|chủ tịch xã|phó chủ tịch xã|chủ tịch phường|bí thư|giám đốc|phó giám đốc|kế toán
    |kế toán trưởng|thủ quỹ|hiệu trưởng|hiệu phó|bác sĩ|bác sỹ|bs|y tá|điều dưỡng|luật sư|ls|chủ thầu
    |chủ nhà|chủ quán|chủ trại|chủ trọ|chủ hộ|chủ xe|chủ tiệm|chủ cửa hàng|nhân viên|cán bộ|công an
    |công an viên|cảnh sát|đại úy|đại uý|thượng úy|thượng uý|trung úy|trung uý|thiếu tá|trung tá|thượng tá
    |đại tá|thiếu úy|thiếu uý|dân phòng|bảo vệ|tài xế|lái xe|giáo viên|cô giáo|thầy giáo|thanh tra
    |chánh thanh tra|trưởng phòng|phó phòng|đội trưởng|đội phó|địa chính|thợ|con trai|con gái|cháu trai
    |cháu gái|hàng xóm|người bạn|bạn|bệnh nhân|học sinh|sinh viên|nguyên đơn|bị đơn|người thu|người bán
    |người nhận|người phỏng vấn|nạn nhân|đối tượng|thương binh|sư thầy|đại đức|linh mục|thu ngân
    |nhân viên y tế|cán bộ y tế
    |kỹ sư|kĩ sư|y sĩ|y sỹ|quản lý|giám sát|chủ xưởng|chủ đò|chủ ghe|chủ vựa|chủ lò|chủ bãi|chủ tàu|cai
    |hộ lý|lao công|môi giới|đầu nậu|giang hồ|trưởng trạm|trưởng tàu|trưởng khu|nhân sự|phụ xe|thợ điện
    |thợ hồ|dược sĩ|tạp vụ|điều phối|lễ tân|chủ thớt|cai thầu|thầu|trọng tài
    |trưởng khoa|thú y|chủ cơ sở|chủ đất|chủ nợ|hộ ông|hộ bà|gia đình|anh trai|chị gái|em trai|em gái
    |bạn gái|bạn trai|già làng|trưởng bản|trưởng buôn|hướng dẫn viên|huấn luyện viên|người yêu|chồng cũ
    |vợ cũ|trợ lý|thư ký|cò đất"""
)
_SAYING = vocabulary(
    """họ tên|họ và tên|tên|tên là|tên tôi là|tên em là|tên thật|tên thiệt là|tên thật là|tên mình là
    |tên cháu|tên tôi|tên em|mang tên|đứng tên|tôi là|em là|mình là|cháu là|con là|tui là|e là|hàng xóm là
    |tên hắn là|tên nó là|ký thay|t/m|trai là|gái là|út là|bạn là|chủ là|họ là|mẹ là|bố là
    |ba là|cha là|vợ là|chồng là|tôi tên|em tên|người gửi|người viết|người làm đơn|người tố cáo
    |người phản ánh|người khai|người đề nghị|người nhận|người làm chứng|người chứng kiến|người đại diện
    |người báo|người ký|kính đơn|kính thư|ký tên|chủ tài khoản|chủ tk|chủ thẻ|người thụ hưởng|thân ái
    |trân trọng|trân trọng cảm ơn|gặp|mẹ cháu|bố cháu|mẹ con|đại diện|nhân chứng|cha tôi|mẹ tôi|vợ tôi
    |chồng tôi|con tôi|em tôi|tôi|em|mình|cháu|tui|học sinh|bạn cùng phòng|chủ sở hữu|người viết đơn
    |người đứng đơn|người nộp đơn|người tố giác|người khiếu nại|bên bán|bên mua|bên cho thuê|thay mặt
    |thay mặt các hộ|đại diện các hộ|đại diện hộ|chủ nhiệm|hỏi|tag|cc|nhờ|tức|tên gọi|bí danh|biệt danh
    |hay gọi là|là ông|là bà|là anh|là chị|con nuôi|nhân vật"""
)
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
_LOCATING = vocabulary(
    """ở|tại|trên|từ|đến|tới|qua|dọc|cuối|đầu|gần|vào|ra|về|lên|xuống|dưới|cạnh|sau|trước|ngang|quanh|bên
    |đối diện|mặt|hai bên|cắt|giao|nối|sát|khắp|trong|ngoài|theo|phía|chỗ|khúc|đi"""
)
_HISTORIC = vocabulary("cụ|anh hùng|chí sĩ|danh nhân|nhà văn|nhà thơ|vua|tướng|đức|liệt sĩ|nhạc sĩ|chúa|bác")
_NO_NAMES = vocabulary(
    """thích quảng đức|bác hồ|hồ chí minh|việt nam|cô vy|bà con|ông bà|anh chị|mai táng|hồ sơ|hà nội
    |văn phòng|văn hóa
    |văn hoá|cao tốc|cao đẳng|lý do|an ninh|an toàn|đồng nai|đồng tháp|đồng bằng|trang trại|đoàn thanh niên
    |đoàn phường|châu âu|châu á|hàn quốc|hàn|ba na|ba lan|hrê|chứt|pa kô|vân kiều|xơ đăng|giẻ triêng|cơ tu
    |mông|raglai|ba đình|ba vì|cao đài|toán|ngữ|vật|tiếng|địa|sử|tin|hồ núi|hồ ba|hồ con|hồ dầu|hồ suối
    |hồ hoàn|hồ trị|hồ xuân|cờ lao|brâu|h'mông|h'mong|h’mông|k'ho|vu lan|hán việt|thể|táo|tây|nhật
    |trung quốc|nhật bản|thái lan|lào|kinh|tày|mường|dao|khmer|chăm|hmong|nùng|ê đê|gia rai|đài loan
    |vũ trường|hồ bơi|an cư|lê chân|hồ gươm|hồ tây|cao bằng|cao lãnh|châu đốc|châu thành|lâm đồng|hà tĩnh
    |hà nam|hà giang|hà đông|mai châu|lý sơn|lai châu|thái nguyên|thái bình|hà tiên|cao su|đào tạo|đinh tán
    |vi phạm|la hét|tạ ơn|tô phở|tăng ca|thân gửi|thân ái|từ dũ|mỹ khê|chu trình"""
)
_NO_FIRST = vocabulary(
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
_STARTERS = vocabulary(
    """tôi|em|anh|chị|ông|bà|cô|chú|bác|cháu|con|hộ|thầy|cụ|mẹ|má|bố|cha|chồng|vợ|người|gửi|kính|tên|bé|tui
    |dì|cậu|gặp|nhờ|là|hỏi|mình|luật|sư|bs|ls|ts|ths|gs|pgs|kts|mr|ms|mrs|lh|theo|do|thằng|sếp|ký|bạn|cu
    |đ/c|trưởng|thưa|chào|cảm|ơn|đại|úy|bác|sĩ|nhà|tag|có""",
    "ha la do theo con mai dai thon nha co bac cu si",
)
_TITLES_INSIDE = vocabulary(
    "ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|cụ|dì|cậu|mợ|bé|hộ|tên|bs|ls|ts|ths|gs|pgs|kts|mr|ms|mrs|lh"
    "|sếp|thằng|tôi|tui|chồng|vợ|mẹ|bố|má|cha|sư|sĩ|úy|ký|mình"
)
_STOP = vocabulary(
    """gì|đường|phố|trường|xã|phường|công|cty|thương|gọi|người|của|trên|trong|các|những|này|đó|thật|khác
    |tôi|em|mình|con|tui|là|và|mà|họ|đi|sai|nhầm|chủ|sản|đệm|file|miền|đang|tại|ở|số|sđt|cccd|cmnd|hộ|ông
    |bà|anh|chị|cô|chú|bác|mẹ|bố|ba|có|không|ko|k|bị|được|làm|sinh|nhà|ca|thì|để|cho|với|đã|sẽ|đến|từ|hay
    |nói|bảo|nào|ai|ra|vào|về|lên|xuống|qua|đòi|lấy|thu|bán|mua|chạy|đánh|giữ|bắt|hẹn|nhận|ký|cấp|xin|nhờ
    |gửi|kính|vì|do|nên|nếu|khi|lúc|hôm|ngày|tháng|năm|tuổi|quê|trú|ngụ|sống|dân|cư|cũ|mới|lại|cũng|rồi|nữa
    |luôn|hoài|quá|tổ|thôn|ấp|khu|xóm|đứng|trước|sau|giùm|dùm|đt|phản|ánh|dự|án|thuốc|cháu|bên|tự|mất|chết
    |đẻ|học|dạy|lớp|dưới|bằng|như|chung|riêng|tiếng|một|hai|hàng|chợ|tài|khoản|xe|biển|quán|thằng|tụi|cùng
    |vợ|chồng|bạn|cứ|chỉ|còn|nghề|oan|nay|khai|mst|stk|zalo|sdt|dt|nha|nhé|ạ|vay|kiểu|nguyên|hiện|thường
    |tạm|nghỉ|bỏ|dẫn|hứa|xưng|đeo|quản|giám|trưởng|phó|nhân|viên|cán|bộ|gia|đình|chúng|bọn|nó|ổng|bả|xong
    |tới|bây|giờ|bí|em|cộng|thuần"""
)
_IN_NAMES = vocabulary(
    "thu|mai|hai|ba|năm|công|dân|án|sinh|học|ngân|chung|tự|ca|cư|tài|sản|anh|khai|nhân|viên|quản|nguyên"
    "|gia|đình|thường|hiện|bộ|bảo|thương"
)
_CALLED_SMALL = vocabulary(
    """họ tên|họ và tên|tên|tên là|tên tôi là|tên em là|tên tôi|tên em|tên thật là|tên thiệt là|tên mình là
    |tên cháu là|mang tên|tôi là|em là|mình là|cháu là|con là|tui là|e là|người gửi|người viết
    |người làm đơn|ký tên|tôi tên|em tên|tôi tên là|em tên là"""
)
_NO_TEN = vocabulary(
    "trùng|gạch|xuất|quyền|danh|đúng|họ|nguyên|tuổi|liệt|tích|bút|biệt|sang|đứng|đổi|đặt|nêu|quên|giả|dấu"
    "|không|ghi|nêu|điền|bỏ|sai|trùng|thêm|xóa|xoá|cùng|dưới|có|mượn|lấy|biển|đề"
)

_NEAR = frozenset(["con", "nghi", "o"])
_DOTTED = re.compile(r"(?<!\w)(?:mr|ms|mrs|bs|ls|gs|ts|ths|pgs|kts|đ/c|lh)[.:]\s?$")
_CALLED = pattern(r"(?<!\w)(?P<cue>%s)\s?:?[ ]", _CALLED_SMALL)
_UNIT_BEHIND = re.compile(
    r"\s?[(,]?\s?(?:(?i:phường|quận|huyện|xã|phuong|huyen)\s(?!hội)|[PQFpqf]\s?\.?\s?\d|[PQ]\.)"
    r"|\s(?:bị ngập|bi ngap|(?:nối )?dài|keo dai|kéo dài|cắt|giao|đoạn|doan|hướng|huong)(?!\w)"
)
_NUMBER_BEFORE = re.compile(r"\d{3}[ .]?\d{3},?\s?[(–-]?\s?(?:ten )?$")
_NUMBER_BEHIND = re.compile(
    r"\s?[,(–\-:/]{0,2}\s?(?:so )?(?:cccd|cmnd|cmt|can cuoc|ho chieu|passport|sdt|so dt|dt[ :]|dien thoai"
    r"|sinh (?:nam|ngay)|sn \d|ngu |tru |thuong tru|cu tru|nha (?:so|o)|\d\d tuoi"
    r"|\(?\+?84[ \d]|0[\do]{2}[\do. ]|[\w.+-]{2,40}@)"
)
_SIGNATURE_BEFORE = re.compile(r"(?:[.!?;…]\s{1,2}\(?|\n\s?)$")
_SIGNATURE_AFTER = re.compile(
    r"[.!]?\s*$|, (?:tổ|thôn|ấp|khu|xóm|số|phường|xã|khối|to|thon|ap|xom|so|phuong|xa) "
)
_ETHNIC = re.compile(r"[HK]['’][^\W\d_]\w*")
_CLAN = frozenset(["y", "a", "ka"])  # before the names of men and women of the Highlands


def find(page: Page) -> Iterator[Person]:
    """Names, no two overlapping."""
    if page.text.isupper():
        yield from _small(page)
        return
    taken: list[Found] = []
    for match in _RUN.finditer(page.text):
        person = _of_run(page, match.start(), match.group())
        if not person and taken and _goes_on(page, taken[-1], match):
            person = Person(Found(match.start(), match.end(), "person"), True)
        if person:
            taken.append(person.found)
            yield person
    for person in _small(page):
        if not any(other.meets(person.found.start, person.found.end) for other in taken):
            yield person


_AND = re.compile(r"(?:, | và | va | với | voi | - |, và | & )(?:(?:ông|bà|anh|chị|cô|chú|em|cháu) )?$")


def _goes_on(page: Page, last: Found, match: re.Match[str]) -> bool:
    """Whether it goes on a list of persons: "Hùng, Dũng và Cường"."""
    between = page.text[last.end : match.start()]
    words = match.group().lower().split()
    if len(between) > 12 or not _AND.fullmatch(between) or not _can_be(page, match.group().split()):
        return False
    return len(words) <= _LONGEST and (
        GIVEN.has(page, words[-1]) or (len(words) > 1 and FAMILIES.has(page, words[0]))
    )


# --- capitalised names ----------------------------------------------------------------------------


def _of_run(page: Page, start: int, run: str) -> Person | None:
    """The person in a run of capitalised words, without the title or the verb that the run begins with."""
    words = run.split(" ")
    skipped = 0
    while skipped < len(words) - 1 and _starts(page, words[skipped:]):
        skipped += 1
    at = start + sum(len(word) + 1 for word in words[:skipped])
    led_by = words[skipped - 1].lower() if skipped else ""
    words = words[skipped : skipped + _LONGEST]
    if not (led_by or len(words) > 1 or _could_stand_alone(page, start, run)) or not _can_be(page, words):
        return None
    end = at + len(" ".join(words))
    if led_by and _NO_NAMES.has(page, f"{led_by} {' '.join(words).lower()}"):
        return None
    before = Before(page, start)
    named_so = _is_named_so(before)
    led = led_by != "" and _TITLES_INSIDE.has(page, led_by)
    told = not named_so if led else _is_told(page, before, words, end)
    if told:
        name = " ".join(words).lower()
        aged = _NUMBER_BEHIND.match(page.folded, end) is not None
        if not aged and STREETS.has(page, name) and (_HISTORIC.ends(before) or _HISTORIC.has(page, led_by)):
            return None
        family = FAMILIES.has(page, words[0].lower(), plain=name.isascii())
        return Person(Found(at, end, "person"), led or family or _TITLES.ends(before) != "")
    if not named_so and _looks_a_person(page, words, Before(page, at) if skipped else before, at, end):
        return Person(Found(at, end, "person"), False)
    return None


def _could_stand_alone(page: Page, start: int, word: str) -> bool:
    """Whether one word where a sentence begins can be a name at all: most are not."""
    if page.text[max(0, start - 2) : start].strip() and page.text[start - 2 : start - 1] not in ".!?…":
        return True
    return (
        GIVEN.has(page, word.lower())
        or "'" in word
        or _DOTTED.search(page.lower[max(0, start - 6) : start]) is not None
    )


_SHORT = re.compile(r"(?:(?<!\w)(?:tp|tx|tt|bv|[pqfhxđd])\s?\.\s?|\w\s?[-–/]\s?|\d[a-z]?,?\s)$")


def _is_named_so(before: Before) -> bool:
    """Whether the words before say street, school, unit or firm, or a house number does."""
    text = before.text
    if NAMED_SO.ends(before) and text.rstrip()[-1:] not in ",-–":
        return True
    last = text.rstrip()[-1:]
    return (last in ("/", ".", "-", "–", ",") or any(map(str.isdigit, text[-4:]))) and bool(
        _SHORT.search(text)
    )


def _starts(page: Page, words: Sequence[str]) -> bool:
    """Whether the first word only leads to the name; "Ông Văn Bảy" is a family name."""
    first, second = words[0].lower(), words[1].lower()
    if FAMILIES.has(page, first) and (_MIDDLE.has(page, second) and len(words) > 2):
        return False
    if first == "vo" and len(words) > 2:
        return False
    return _STARTERS.has(page, first)


def _can_be(page: Page, words: Sequence[str]) -> bool:
    first, name = words[0].lower(), " ".join(words).lower()
    if _NO_NAMES.has(page, name) or BANK.fullmatch(first) or BANK.match(name):
        return False
    if (
        len(words) > 1
        and all(len(word) < 4 and word.isupper() for word in words)
        and (first.isascii() or len(words[-1]) < 3)
    ):
        return FAMILIES.has(page, first, plain=True)
    if len(words) > 1 and (_ETHNIC.fullmatch(words[-1]) or _is_of_thi(name) or _is_nickname(words)):
        return True
    if len(words) == 1:
        known = GIVEN.has(page, first) or not words[0].isupper()
        return len(name) > 1 and (first == "toàn" or not _NO_FIRST.has(page, first)) and known
    if NAMED_SO.has(page, first) and not FAMILIES.has(page, first):
        return False
    if GIVEN.has(page, first) and GIVEN.has(page, words[1].lower()):
        return True
    return not _NO_FIRST.has(page, first) or (FAMILIES.has(page, first) and len(words) > 2)


_HOLY = vocabulary(
    """phêrô|giuse|maria|phaolô|anna|têrêsa|gioan|đaminh|antôn|micae|giacôbê|phanxicô
    |matta|catarina|máctinô|tôma"""
).marked
_THI = re.compile(
    r"(?!thành |đô |siêu |phường |xã |quận |cần |hạ |dịch |thanh |do |sieu |phuong |quan |can |ha )"
    r"\S+ th[ịi] \S+"
)
_NO_NICK = vocabulary(
    """pháp|nhân|vấn|duy|liệu|thục|cách|nay|trước|sau|ngoái|học|mươi|trăm|tháng|ngày|giờ|lần|bà|vì|đình|tri
    |tơ|bể|lan|na|căn|nghĩa|núi|đồn|chẽ|tuần|hàng|chợ|vị|đầu|người|con|cái|điểm|bên|mẫu|chế|chẻ|bò|cống|tầng
    |thế|xã|ngành|đồng|đường|cây|thanh|đống|kèo|càng|rọi|gác|hòn|làng|bánh|tai|chùa|cu|lai|rau
    |lệnh|tưởng|thất"""
)


def _is_of_thi(name: str) -> bool:
    """ "Thị" in the middle names a woman, whatever stands before: "Bún Thị Măng"."""
    return _THI.match(name) is not None


def _is_nickname(words: Sequence[str]) -> bool:
    """By the rank among brothers and sisters, as in the South: "Năm Rớt"."""
    rank, second = words[0].lower(), words[1].lower()
    return len(words) == 2 and rank in _RANKS and not words[1].isupper() and second not in _NO_NICK.marked


def _is_told(page: Page, before: Before, words: Sequence[str], end: int) -> bool:
    """Whether a title, an office, "tên là" or a phone beside it says that it is a person."""
    name = " ".join(words)
    if _ETHNIC.fullmatch(words[0]) or _NUMBER_BEFORE.search(before.text):
        return True
    if before.text.endswith(" do ") and _DOES.match(page.folded, end):
        return True
    if before.is_close and _ROLES.ends(before):
        return _is_called_so(page, words)
    if len(words) > 1 and before.is_close and _is_led_far(before, words) and _is_called_so(page, words):
        return True
    if before.text.rstrip()[-1:] in (":", "-", "–") and _SAYING.ends(before):
        return True
    if _is_named_so(before):
        return False
    title = _TITLES.ends(before) if before.is_close else ""
    if title:
        ahead = Before(page, end - len(name) - len(title) - 1)
        return not NAMED_SO.ends(ahead) or ahead.text.rstrip()[-1:] in ",-–"
    if before.is_close and not before.plain and len(words) == 1 and before.tails[-1] in _NEAR:
        return GIVEN.has(page, name.lower()) and before.tails[-2:-1] != ("bà con",)
    if before.is_close and not before.plain and _is_of_a_family(page, before, words):
        return True
    if _DOTTED.search(before.text):
        return True
    said = _SAYING.ends(before)
    shouted = name.isupper() and not FAMILIES.has(page, words[0].lower(), plain=name.isascii())
    if said and (not shouted or _CALLS.search(said)):
        return not _NO_TEN.ends(Before(page, end - len(name) - len(said) - 1))
    known = len(words) > 1 or GIVEN.has(page, words[0].lower())
    return known and _NUMBER_BEHIND.match(page.folded, end) is not None


def _is_led_far(before: Before, words: Sequence[str]) -> bool:
    """Whether a title stands a word or two before: "chủ xưởng", "chị nhân sự"; not "chị ở", "bà con"."""
    chiefs = _CHIEFS.folded if before.plain else _CHIEFS.marked
    if not any(tail.split(" ", 1)[0] in chiefs for tail in before.tails[-3:-1]):
        return False
    if _LOCATING.ends(before) or _MANY.ends(before):
        return False
    lower = [word.lower() for word in words]
    street = any(" ".join(lower[:many]) in STREETS.marked for many in range(2, len(words) + 1))
    return not NAMED_SO.ends(before) or (len(words) > 2 and not street)


_MANY = vocabulary("bà con|anh em|chị em|anh chị|cô chú|cô bác|chú bác|các|những|và|với|của|người|dân")
_SYLLABLE = re.compile(
    r"(?:ngh|gh|ng|nh|ch|tr|th|ph|kh|gi|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)


def _is_foreign(word: str) -> bool:
    """Whether no Vietnamese syllable is written so."""
    return len(word) > 3 and not word.isupper() and not _SYLLABLE.fullmatch(fold(word.lower()))


def _is_of_a_family(page: Page, before: Before, words: Sequence[str]) -> bool:
    """After "nhà" a nickname ("nhà Thắng Mập"), after "con" two given names ("con Minh Khuê")."""
    lower = [word.lower() for word in words]
    if len(words) > 2 or not GIVEN.has(page, lower[0]) or STREETS.has(page, " ".join(lower)):
        return False
    if before.tails[-1] == "nhà":
        return len(words) == 1 or not (GIVEN.has(page, lower[1]) or words[1].isupper())
    return before.tails[-1] == "con" and before.tails[-2:-1] != ("bà con",) and GIVEN.has(page, lower[-1])


_DOES = re.compile(
    r" (?:dung ten|dung ra|lam chu|cam dau|quan ly|dieu hanh|thue|bao ke|phu trach|thau|ky|lai|nhan tien"
    r"|dung dau|chi huy|cam lai|viet|lap ra)(?!\w)"
)
_CHIEFS = vocabulary("chủ|trưởng|phó|kế|thủ|cán|ông|bà|anh|chị|chú|bác|thầy|thằng", "ba co thu")


def _is_called_so(page: Page, words: Sequence[str]) -> bool:
    """After an office, whose village or town may follow: only what is clearly a name."""
    first, last = words[0].lower(), words[-1].lower()
    if len(words) == 1:
        return GIVEN.has(page, first) or FAMILIES.has(page, first)
    if all(_is_foreign(word) for word in words) or _ETHNIC.fullmatch(words[-1]):
        return True
    return (
        first in _RANKS
        or first == "thích"
        or (FAMILIES.has(page, first, plain=" ".join(words).isascii()))
        or (
            len(words) == 2
            and GIVEN.has(page, last)
            and (GIVEN.has(page, first) or FAMILIES.has(page, first))
        )
    )


def _looks_a_person(page: Page, words: Sequence[str], before: Before, at: int, end: int) -> bool:
    """By a family name, a middle name, a clan or the place of a signature; never a street's name."""
    lower = [word.lower() for word in words]
    name = " ".join(lower)
    plain = name.isascii()
    given = GIVEN.has(page, lower[-1], plain=plain) or _ETHNIC.fullmatch(words[-1]) is not None
    longer = any(STREETS.has(page, " ".join(lower[:many]), plain=plain) for many in range(2, len(words)))
    if len(words) == 1 and GIVEN.has(page, name) and _SIGNATURE_BEFORE.search(before.text):
        return at > 0 and re.match(r"\)?[.!]?\s*$", page.text[end:]) is not None
    if len(words) < 2 or STREETS.has(page, name, plain=plain) or (longer and not given):
        return False
    if _is_of_thi(name) or (len(words) > 2 and lower[0] in _HOLY):
        return True
    if page.is_marked and not plain and _is_nickname(words):
        return not before.is_close or not (_LOCATING.ends(before) or NAMED_SO.ends(before))
    if _NO_NAMES.has(page, " ".join(lower[:2]), plain=plain):
        return False
    if _UNIT_BEHIND.match(page.text, end) or (
        NAMED_SO.has(page, lower[0]) and not FAMILIES.has(page, lower[0])
    ):
        return False
    located = before.is_close and _LOCATING.ends(before) != ""
    family = SURE_FAMILIES.has(page, lower[0], plain=plain) or SURE_FAMILIES.has(page, " ".join(lower[:2]))
    if len(words) > 2 and _MIDDLE.has(page, lower[1], plain=plain):
        if not (given or FAMILIES.has(page, lower[0], plain=plain)):
            return False
        return not located or FAMILIES.has(page, lower[0], plain=plain)
    if lower[0] == "thị":
        return lower[1] not in ("trấn", "xã", "nghè", "nại", "vải")
    if lower[0] in _CLAN and not words[1].isupper():
        return not located and (
            not before.text or before.text[-2:-1].isalpha() or before.text[-2:-1] in ",:("
        )
    if len(words) == 2 and lower[0] in _OFTEN and not located and before.text.rstrip()[-1:] != "-":
        return True
    if family and (given or len(words) > 2):
        return not located
    if (
        given
        and len(words) > 2
        and lower[0] not in _OF_PLACES
        and not " ".join(words).isupper()
        and _stands_apart(page, before, end)
    ):
        return True
    if SURE_FAMILIES.has(page, lower[0]) and (_is_foreign(words[0]) or _is_foreign(words[1])):
        return not located
    signed = _SIGNATURE_BEFORE.search(before.text) and _SIGNATURE_AFTER.match(page.lower, end)
    if signed and len(words) == 2 and given and at and not page.text[end:].strip(" .!\n"):
        return GIVEN.has(page, lower[0])
    return bool(signed and len(words) <= 4 and given and FAMILIES.has(page, lower[0], plain=plain))


_OFTEN = frozenset(
    [
        "nguyễn",
        "trần",
        "phạm",
        "lê",
        "huỳnh",
        "bùi",
        "đặng",
        "võ",
        "vũ",
        "phan",
        "đỗ",
        "nguyen",
        "pham",
        "huynh",
    ]
)


_OF_PLACES = vocabulary(
    "hòa|hoà|an|tân|phú|bình|long|thanh|vĩnh|mỹ|đông|tây|nam|bắc|xuân|sơn|hải|thạnh|phước"
).marked


def _stands_apart(page: Page, before: Before, end: int) -> bool:
    """Whether only commas and stops are beside it, as beside a name that is added."""
    free_before = before.text.rstrip()[-1:] in tuple(",.:(!?") or not before.text.strip()
    return free_before and (page.text[end : end + 1] in tuple(",.);\n") or end == len(page.text))


# --- small letters --------------------------------------------------------------------------------

_SMALL = re.compile(r"[ ]?([^\W\d_]+(?:['’]\w+)?)")
_THI_VAN = re.compile(r"(?<!\w)([^\W\d_]+) (thị|văn|thi|van) (?=[^\W\d_])")
_SMALL_TITLES = frozenset(["ông", "bà", "anh", "chị", "cô", "chú", "bác", "thầy", "bạn", "dì", "thím", "mụ"])
_SMALL_TITLE = pattern(
    r"(?<!\w)(?P<title>%s) ",
    vocabulary("ông|bà|anh|chị|cô|chú|bác|thầy|bạn|dì|thím|mụ|cháu|tôi|em", "ba co"),
)
_SMALL_FAMILIES = vocabulary(
    "nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|ngô|trương|trịnh",
    "tran le phan vu vo dang bui ngo truong",
)
_CLEAR = vocabulary(
    """tuấn|hùng|dũng|cường|lan|huệ|nga|hằng|hường|thảo|tuyết|oanh|loan|phượng|nhung|trâm|vân|thủy|thuỷ
    |thùy|thuỳ|thúy|thuý|ngọc|hiếu|huy|khôi|diễm|kiều|lài|mai|mận|nguyệt|quyên|quỳnh|thắm|thìn|thoa|tèo
    |tùng|tuất|uyên|vy|xoan|xuyến|yến|trinh|hương|hoa"""
)
_CLEAR_PLAIN = vocabulary(
    """tuan|cuong|hue|nga|thao|tuyet|oanh|loan|thuy|ngoc|huy|nguyet|quynh|thoa|uyen|vy|vinh|phuc|khanh|duc|thinh
    |hiep|bich|tuyen|hoang|minh|duy|manh|hung|khanh|kiet|cam"""
).marked  # seldom anything else after "anh" and "chi"
_SECOND_PLAIN = frozenset(["lan", "tu", "anh", "mai", "hoa", "tram", "chau", "linh", "tam", "hong"])
_PLAIN_TITLES = frozenset(["ong", "anh", "chi"])
_PLAIN_FAMILIES = frozenset(["nguyen", "tran", "pham", "hoang", "phan", "bui", "huynh", "le"])
_AFTER_VAN = frozenset(
    [
        "bản",
        "phòng",
        "hóa",
        "hoá",
        "chương",
        "hiến",
        "bằng",
        "vật",
        "ban",
        "phong",
        "trấn",
        "xã",
        "trường",
        "trí",
    ]
)
_CALLS = re.compile(r"\bt[êe]n\b|^người|^nguoi")
_OF_A_THING = frozenset(["tên", "ten"])
_SOMEBODY = vocabulary(
    """tôi|em|con|cháu|thợ|dưỡng|mẹ|bố|ba|má|cha|người|thằng|ông|bà|cô|anh|chị|viên|chủ|khoa|phòng|vệ|sĩ|sỹ
    |thầy|chú|bác|vợ|chồng|đứa|bạn|bé|gái|trai|xế|xe|nữ|nam|tui|mình|bộ|an|giáo|trọ|hàng|xóm|cụ|y|tá|đó|này"""
)


def _is_of_somebody(before: Before) -> bool:
    return before.text.rstrip()[-1:] in tuple(",.;:(!?0123456789") or _SOMEBODY.ends(before) != ""


def _small(page: Page) -> Iterator[Person]:
    """Names in small letters, where words before them or "thị" and "văn" leave little doubt."""
    done = 0
    lower = page.lower
    words = frozenset(lower.split())
    begins = not words.isdisjoint(SURE_FAMILIES.marked if page.is_marked else _PLAIN_FAMILIES)
    if begins or "tên" in lower or (not page.is_marked and "ten " in lower):
        for match in _CALLED.of(page).finditer(lower):
            name = _called(page, match)
            if name:
                done = match.end() + len(name)
                yield Person(Found(match.end(), done, "person"), True)
    if begins or not words.isdisjoint(_CLEAR.marked if page.is_marked else _CLEAR_PLAIN):
        yield from (Person(found, True) for found in _titled(page) if found.start >= done)
    yield from _ranked(page, words)
    if begins:
        for found in _untold(page):
            if found.start >= done:
                done = found.end
                yield Person(found, False)
    if not words.isdisjoint(_MIDDLE.marked if page.is_marked else _MIDDLE.folded):
        for match in _THI_VAN.finditer(lower):
            if match.start() >= done and _is_small_full(page, match):
                name = " ".join(_until_stop(page, _small_words(page, match.end())[:2], in_name=True))
                if name and (page.is_marked or GIVEN.has(page, name.split()[0])):
                    done = match.end() + len(name)
                    yield Person(Found(match.start(), done, "person"), False)


_RANKED = frozenset(
    ["ông", "anh", "chị", "chú", "bác", "dì", "cậu", "mợ", "thím", "thằng", "bà", "cô", "ong", "chu", "thim"]
)
_YOUNGEST = frozenset(["út", "ut"])
_NO_RANKS = frozenset(["hai", "ba", "chin", "nam"])  # told in small letters they count


def _ranked(page: Page, words: frozenset[str]) -> Iterator[Person]:
    """Told by the rank in the family: "chú sáu rớt", "bà bảy Đởm"."""
    for rank in words & (_YOUNGEST if words.isdisjoint(_RANKED) else _RANKS):
        at = page.lower.find(f" {rank} ")
        while at >= 0:
            name = _small_words(page, at + len(rank) + 1)[:1]
            title = page.lower[max(0, at - 6) : at].split()[-1:]
            led = (title and title[0] in _RANKED) or (rank in _YOUNGEST and name and GIVEN.has(page, name[0]))
            if name and led and _is_ranked(page, at + 1, rank, name[0]):
                end = at + len(rank) + 2 + len(name[0])
                yield Person(Found(at + 1, end, "person"), True)
            at = page.lower.find(f" {rank} ", at + 1)


def _is_ranked(page: Page, at: int, rank: str, name: str) -> bool:
    if page.text[at].isupper() and not page.text.isupper():
        return False
    if name in _NO_NICK.marked or name in _NO_NICK.folded or _STOP.has(page, name) or name in _COUNTED:
        return False
    known = page.text[at + len(rank) + 1].isupper() or GIVEN.has(page, name)
    return len(name) > 2 and (known or rank not in _NO_RANKS or page.lower.startswith("chu ", at - 4))


_COUNTED = vocabulary(
    """cháu|chau|đứa|dua|triệu|trieu|lần|lan|nghìn|nghin|ngàn|ngan|lớp|lop|tầng|tang|cây|cay|lá|năm
    |nam|anh|chị|giờ|gio|vẫn|van|chân|chan|phút|phut|tiếng|tieng|phòng|phong|chục|chuc|loại|loai|chỗ
    |cho|vụ|bữa|bua|hôm|hom|tụi|tui|vợ|vo|mét|met|chuyến|chuyen|lầu|lau|đời|doi|chai|con|người|nguoi
    |chiếc|chiec|phen|phần|phan|tuổi|tuoi"""
).marked
_UNTOLD = re.compile(
    r"(?<!\w)(nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|ngô|đinh|trương|trịnh) (?=[^\W\d_])"
)
_UNTOLD_PLAIN = re.compile(r"(?<!\w)(nguyen|tran|le|pham|hoang|huynh) (?=[a-z])")
_MIDDLES = vocabulary("bá|gia|đắc|cao|đại|khắc|mạnh|viết|thế|tấn|hữu|sĩ|sỹ|như|ái|thị|văn|đình|công|quốc|khả")


def _untold(page: Page) -> Iterator[Found]:
    """A family name with two or three syllables of names, in small letters, where no way has that name."""
    for match in (_UNTOLD if page.is_marked else _UNTOLD_PLAIN).finditer(page.lower):
        if page.text[match.start()].isupper() and not page.text.isupper():
            continue
        words = _small_words(page, match.end())[:3]
        while words and not (
            GIVEN.has(page, words[-1]) and all(GIVEN.has(page, w) or _MIDDLES.has(page, w) for w in words)
        ):
            words.pop()
        before = Before(page, match.start())
        if not page.is_marked and not _is_plain_name(before, match[1], words):
            continue
        name = " ".join([match[1], *words])
        street = any(STREETS.has(page, " ".join(name.split()[:many])) for many in (3, 4))
        violation = before.text.endswith(("vi ", "xâm ", "xúc ", "phụ ", "tội "))
        if violation or len(words) < 2 or street or _is_named_so(before) or _LOCATING.ends(before):
            continue
        yield Found(match.start(), match.start() + len(name), "person")


_EVERYDAY = vocabulary(
    """duong|phuong|nhan|dau|hang|bo|phan|nghi|ky|vi|quy|dinh|thong|bien|the|tin|ban|nhu|van|phong
    |gian|don|nho|hai|bang|cong|trong|toan|lan|hoi|phi|cam|qua|tam|dan|thai|nang|thanh|trinh|dung
    |den|loai|lai|con|ba"""
).marked
_TOLD_PLAIN = re.compile(
    r"(?:^|[.!?:;,\n(] ?|(?<!\w)(?:ong|anh|chi|chu|bac|thay|con|chau|em|be|thang|la|ten"
    r"|cua|voi|gap|do|si|xe|vien) )$"
)


def _is_plain_name(before: Before, family: str, words: list[str]) -> bool:
    """Without marks "lễ", "phạm" and "tràn" look like families: something must lead to the name."""
    if not _TOLD_PLAIN.search(before.text) or before.text.endswith("phu "):
        return False
    if len(words) > 2 and words[-1] in _EVERYDAY:
        words.pop()
    common = sum(word in _EVERYDAY for word in words)
    return common < (2 if family == "nguyen" and len(words) > 2 else 1) or len(words) > 2 > common


def _titled(page: Page) -> Iterator[Found]:
    """Names in small letters after "ông", "chị": full ones, or a given name that is no everyday word."""
    for match in _SMALL_TITLE.of(page).finditer(page.lower):
        words = _small_words(page, match.end())
        if not words or (page.text[match.end()].isupper() and not page.text.isupper()):
            continue
        name: list[str] = []
        if _SMALL_FAMILIES.has(page, words[0]):
            name = words[:1] + _until_stop(page, words[1:], in_name=True)
            while len(name) > 1 and not GIVEN.has(page, name[-1]):
                name.pop()
        if len(name) < (2 if page.is_marked else 3):
            clear = page.is_marked and match["title"] in _SMALL_TITLES and _CLEAR.has(page, words[0])
            if not page.is_marked and match["title"] in _PLAIN_TITLES and words[0] in _CLEAR_PLAIN:
                second = words[1:2] if words[1:] and words[1] in _CLEAR_PLAIN | _SECOND_PLAIN else []
                if match["title"] == "chi" and not second:
                    continue
                yield Found(match.end(), match.end() + len(" ".join(words[:1] + second)), "person")
                continue
            name = words[:1] if clear and words[1:2] not in (["mươi"], ["tuổi"], ["can"], ["liệt"]) else []
        if name:
            yield Found(match.end(), match.end() + len(" ".join(name)), "person")


def _called(page: Page, match: re.Match[str]) -> str:
    """The name after "tên": a full one, or somebody's common given name; after "tôi là" only a full one."""
    words = _small_words(page, match.end())
    if not words or (page.text[match.end()].isupper() and not page.text.isupper()):
        return ""
    before = Before(page, match.start())
    if before.is_close and _NO_TEN.ends(before):
        return ""
    if len(words) > 1 and FAMILIES.has(page, words[0]):
        name = words[:1] + _until_stop(page, words[1:], in_name=True)
        if len(name) > 1 and _is_full(page, name):
            return " ".join(name)
    if not _CALLS.search(match["cue"]) or (match["cue"] in _OF_A_THING and not _is_of_somebody(before)):
        return ""
    return _given_name(page, words)


_VERBS = frozenset(
    ["được", "duoc", "là", "la", "bị", "bi", "có", "co", "ở", "o", "dạy", "hay", "học", "hoc", "năm", "nam"]
)


def _given_name(page: Page, words: Sequence[str]) -> str:
    if (
        len(words) > 1
        and GIVEN.has(page, words[0])
        and GIVEN.has(page, words[1])
        and (words[1] not in _VERBS and (page.is_marked or words[0] not in _NO_FIRST.folded))
    ):
        return " ".join(words[:2])
    if "'" in words[0] or "’" in words[0]:
        return words[0]
    name = _until_stop(page, words[:2], in_name=False)
    if len(name) == 2 and not GIVEN.has(page, name[1]):
        name.pop()
    return " ".join(name) if name and GIVEN.has(page, name[-1]) else ""


def _is_full(page: Page, name: Sequence[str]) -> bool:
    if _MIDDLE.has(page, name[1]) and len(name) > 2:
        return page.is_marked or name[0] in _PLAIN_FAMILIES or GIVEN.has(page, name[-1])
    family = _SMALL_FAMILIES.has(page, name[0]) if not page.is_marked else SURE_FAMILIES.has(page, name[0])
    return len(name) > 2 and family and GIVEN.has(page, name[-1])


def _is_small_full(page: Page, match: re.Match[str]) -> bool:
    """Whether "nguyễn thị" begins a person's name here, not a street's, and "họ thì" none."""
    first, middle = match[1], match[2]
    if page.text[match.start()].isupper() and not page.text.isupper():
        return False
    if middle in ("thị", "văn"):
        family = first in SURE_FAMILIES.marked
    else:
        family = not page.is_marked and first in _PLAIN_FAMILIES
    words = [first, middle, *_small_words(page, match.end())]
    if not family or len(words) < 3 or words[2] in _AFTER_VAN:
        return False
    before = Before(page, match.start())
    street = any(STREETS.has(page, " ".join(words[:many])) for many in (3, 4))
    return not street and not _is_named_so(before) and not _LOCATING.ends(before)


def _small_words(page: Page, at: int) -> list[str]:
    words: list[str] = []
    while len(words) < 4:
        match = _SMALL.match(page.lower, at)
        if not match or (words and page.lower[at] != " "):
            break
        words.append(match[1])
        at = match.end()
    return words


def _until_stop(page: Page, words: Sequence[str], *, in_name: bool) -> list[str]:
    name: list[str] = []
    for word in words:
        first = in_name and not name
        may_be_name = first and (_IN_NAMES.has(page, word) or _MIDDLE.has(page, word))
        if in_name and GIVEN.has(page, word):
            may_be_name = may_be_name or not page.is_marked or (len(name) == 1 and _MIDDLE.has(page, name[0]))
        if _STOP.has(page, word) and not may_be_name:
            break
        name.append(word)
    return name
