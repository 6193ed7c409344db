"""Words before a name that say whose it is: a person's, or a street's, a school's, a ward's."""

from .words import rows, vocabulary

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
    |quán nhậu|quán ốc|quán phở|quán cơm|quán cà phê|tiệm tóc|nail|bida|nha khoa|cơm tấm|bún đậu|cháo lòng
    |bánh xèo|trà sữa|giò chả|phim|vở|vở kịch|bài hát|giống|mỏ|hòn|phủ|trại|vựa|lò mổ|cáp treo|fanpage|nick
    |tỉnh lộ|quốc lộ|cao tốc|cư xá|tập thể|lô|block|phân khu|toà án|bến phà|bến đò
    |nhà hát|rạp hát|rạp xiếc|sân khấu|thư viện|phòng đọc|hội trường|nhà lưu niệm|nhà thờ họ|từ đường
    |nhà nguyện|thánh đường|thánh thất|tịnh xá|thiền viện|tu viện|văn miếu|văn chỉ|giếng|ao|đầm|bàu|gò|vàm
    |xẻo|bãi rác|bãi tắm|hồ bơi|bể bơi|nhà thi đấu|sân bóng|sân bay|sân golf|công trường|nhà ga|ga tàu
    |trạm xe buýt|trạm bơm|trạm bot|trạm thu phí|bot|tàu cá|ghe|xuồng|phà|xe buýt|xe tải|hãng taxi
    |nhà xuất bản|nhà in|hiệu ảnh|hiệu sách|hiệu vàng|tiệm ảnh|tiệm thuốc|hiệu thuốc|tiệm may|salon
    |thẩm mỹ viện|viện thẩm mỹ|phòng trà|phòng gym|phòng net|quán bar|bar|pub|beer|bia hơi|bia|quán lẩu
    |quán bia|quán nước|quán ăn|quán chay|lò bánh|lò gạch|lò giết mổ|lò thiêu|cơ sở|tổ hợp|tổng công ty
    |doanh nghiệp|văn phòng|sàn|trung tâm anh ngữ|nhóm trẻ|lớp mẫu giáo|trường chuyên|trường nghề|trường dạy
    |ký túc xá|ktx|cấp hai|cấp ba|cấp 2|cấp 3|chuyên|khoa|nghĩa địa|đền thờ|lăng mộ|mộ|khu mộ|tổ dân phố
    |khu tái định cư|khu tập thể|khu trọ|dãy trọ|nông trường|lâm trường|trang trại|vườn quốc gia|rừng
    |khu bảo tồn|thác|ghềnh|bán đảo|quần đảo|cửa biển|cửa sông|bờ kè|kè|hồ điều hòa|kinh|tuyến đường
    |tuyến phố|con đường|con hẻm|mang tên đường|đường mang tên|tên đường|biển tên|bảng tên|ngã bảy|cầu chui
    |cầu bộ hành|cầu treo|cầu phao|hầm chui|dải phân cách|bún mắm|bún riêu|bún chả|mì quảng|bánh tráng
    |bánh canh|cơm niêu|ốc|xôi|kem|sinh tố|nước máy|nước giếng|nước khoáng|sữa|thuốc|vắc xin|phân bón|xi măng
    |thép|sơn|gạch|tôn|máy lạnh|điện máy|điện thoại|xe máy|xe đạp|nệm|đèn|quạt|loa|camera|ví|nhóm zalo|trang
    |trang web|kênh|chương trình|cuộc thi|chiến dịch|dự án bot|danh hiệu|huân chương|học viên|đội|ban nhạc
    |ca khúc|nhạc|bản nhạc|kịch|tuồng|cải lương|tranh|thơ|tác phẩm|nhân vật|tích|chuyện|lễ|vía|lễ vía|giỗ
    |ngày giỗ|rằm|mùa|năm|tuổi|tháng|thứ|mùng|con chó|con mèo|con bò|con chó tên|con mèo tên|con bò tên
    |chó|mèo|cá|cây|hoa|hàng cây|gà|vịt|heo|bò|lúa|giống lúa|xoài|sầu riêng|bưởi|nhãn|mít|bão|áp thấp|virus
    |dịch|người mông|đồng bào|bà con|phủ bà|miếu bà|miếu ông|đình ông|chùa bà|chùa ông|chợ bà|chợ ông
    |cầu bà|cầu ông|rạch bà|rạch ông|quán bà|quán ông|quán cô|quán chú|quán dì|quán anh|quán chị|tiệm bà
    |tiệm cô|phở bà|bún bà|bánh mì bà|chè bà|cháo bà|cơm bà|xôi cô|bún cô|chè cô|lễ bà""",
    "con cho he hoi dong cua am bai thanh hang dai giai nut mai h x f ao ghe ke kinh oc son ton den quat vi"
    " tich via ram mua nam tuoi thu thang cay hoa ga bo nhan mit dich bar san dam doi le tho kem ca heo"
    " lua buoi bao khoa trang nhac mo",
)
LOCATING = vocabulary(
    """ở|tại|trên|từ|đến|tới|qua|dọc|cuối|đầu|gần|vào|ra|về|lên|xuống|dưới|cạnh|sau|trước|ngang|quanh|bên
    |đối diện|mặt|hai bên|cắt|giao|nối|sát|khắp|trong|ngoài|theo|phía|chỗ|khúc|đi"""
)
TITLES = vocabulary(
    "ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|cụ|dì|cậu|mợ|bé|thím|dượng|mẹ|má|bố|cha|vợ|chồng|tui|tôi|mình"
    "|sếp|thằng|a|c|e"
    "|cu|nhóc|gã|trùm|đại ca|sư cô|ni cô|soeur|ông lang|thầy lang|thượng tọa"
    "|đồng chí|đ/c|mụ|lão|mệ|shipper|mr|ms|mrs|lh|bs|ls|bạn|vợ chồng"
)
# Who holds a post, has a trade or is somebody's: one table for all who ask. The tagger of names has learnt
# with the rows of `cue`; another one there wants `make names`.
_POSTS = rows("posts.csv")
ROLES = vocabulary("|".join(row["words"].lower() for row in _POSTS if row["cue"]))
OFFICES = vocabulary("|".join(row["words"] for row in _POSTS if row["kind"] == "office" and not row["of"]))
# Who may be told before the body that he is in; a pupil or a neighbour only before what is nobody's name.
POSTS = vocabulary("|".join(row["words"] for row in _POSTS if row["kind"] != "role"))
PARTIES = vocabulary("|".join(row["words"] for row in _POSTS if row["kind"] == "role"))
SAYING = vocabulary(
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
# Whom everybody knows and nobody else is called like.
OF_HISTORY = vocabulary("hồ chí minh|nguyễn ái quốc|võ nguyên giáp")
