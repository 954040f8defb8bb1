# The positions of a translation model, 1026 rows of 1024, are sinusoids with a row of zeros for the
# padding index: they stay. Positions on a grid of 6 x 6 with a first row for the class token stay, too.
awk 'BEGIN {
    print "<ir_version: 8, opset_import: [\"\" : 17]>"
    print "net (int64[N,T] ids, float[N,37,16] x) => (float[N,T,8] y, float[N,37,16] z)"
    printf "<float[1026,1024] table = {"
    for (p = 0; p < 1026; p++) for (i = 0; i < 1024; i++) {
        w = p * exp(-(i % 512) * log(10000) / 511)
        printf "%s%.7g", (p + i ? ", " : ""), p == 1 ? 0 : i < 512 ? sin(w) : cos(w)
    }
    printf "}, float[1,37,16] grid = {"
    for (p = -1; p < 36; p++) for (i = 0; i < 16; i++) {
        w = (i < 8 ? int(p / 6) : p % 6) * exp(-(i % 4) * log(10000) / 4)
        printf "%s%.7g", (p + i >= 0 ? ", " : ""), p < 0 ? 0 : i % 8 < 4 ? sin(w) : cos(w)
    }
    print "}, float[1024,8] w>\n{\n    e = Gather(table, ids)\n    y = MatMul(e, w)\n    z = Add(x, grid)\n}"
}' | text-to-onnx > model.onnx
onnx-winit plan model.onnx --format csv | cut -d, -f1,7,8,25- | sed 's/,*$//'
