"""Hosts of short links: what stands behind them cannot be seen from the link."""

from rules.domains import words

SHORTENERS = words(
    "t.cn dwz.cn dwz.win dwz.tax dwz.mk url.cn w.url.cn suo.im suo.nz suo.yt u.nu mrw.so 985.so"
    " c7.gg tb.cn m.tb.cn s.click.taobao.com 3.cn u.jd.com p.pinduoduo.com vk.cc rrd.me sourl.cn"
    " sohu.gg ft12.com 6du.in 0x9.me x.co t.co bit.ly bitly.com j.mp goo.gl tinyurl.com is.gd v.gd"
    " ow.ly buff.ly rebrand.ly cutt.ly shorturl.at shorturl.asia t.ly rb.gy tiny.cc u.to s.id"
    " soo.gd clck.ru lnkd.in adf.ly bl.ink short.io dub.sh tny.im qr.ae kutt.it reurl.cc ppt.cc"
    " lihi.cc lihi1.com pse.is surl.li n9.cl y2u.be han.gl me2.do"
)
