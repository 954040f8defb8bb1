#!/bin/bash
# One output by several processes: under mpirun and by hand, with one killed on the way, and never
# from two jobs.
#
#     tests/shards/run.sh BUILD
set -u
build=$(cd "$1" && pwd)
PATH=$build:$build/tools:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

result() {
    local code=$? # of what came before
    if [ $code -eq 0 ]; then echo "ok - shards/$1"; else echo "not ok - shards/$1"; fi
    [ $code -eq 0 ] || failed=1
}

# Matrices of 8 MiB and orthogonal ones, so that every kind of work is shared out.
cat > model.text << 'END'
<ir_version: 8, opset_import: ["" : 17]>
g (float[4,1,256] x) => (float[4,1,2048] y)
<int64[1] a = {1}, float[1,1024,256] w, float[1,1024,256] r, float[256,2048] w0, float[2048,1024] w1,
 float[1024,2048] w2>
{
    s, h = LSTM<hidden_size = 256>(x, w, r)
    t = Squeeze(s, a)
    h0 = MatMul(t, w0)
    h1 = Relu(h0)
    h2 = MatMul(h1, w1)
    h3 = Relu(h2)
    y = MatMul(h3, w2)
}
END
text-to-onnx < model.text > model.onnx || exit 1
onnx-winit model.onnx -o inside.onnx --quiet --external never || exit 1
onnx-winit model.onnx -o outside.onnx --quiet --external always || exit 1

# same FORM FOLDER: the output in the folder is that of one process, and nothing else is there.
same() {
    if [ "$1" = never ]; then
        cmp inside.onnx "$2/inside.onnx" && [ "$(ls "$2")" = inside.onnx ]
    else
        cmp outside.onnx "$2/outside.onnx" && cmp outside.onnx.data "$2/outside.onnx.data" &&
            [ "$(ls "$2" | wc -l)" -eq 2 ]
    fi
}
name_of() { [ "$1" = never ] && echo inside.onnx || echo outside.onnx; }
shard() { # FOLDER FORM SHARD [OPTION...]
    onnx-winit model.onnx -o "$1/$(name_of "$2")" --quiet --external "$2" --shard "$3" "${@:4}"
}

for form in never always; do
    mkdir by-hand
    for k in 3 0 2 1; do
        shard by-hand $form $k/4 || failed=1
        [ $k = 1 ] || [ ! -e "by-hand/$(name_of $form)" ] || failed=1 # not before it is whole
    done
    same $form by-hand
    result "by hand, $form"
    rm -rf by-hand
done

# One is killed as soon as it has begun to write.
mkdir killed
onnx-winit model.onnx -o killed/outside.onnx --quiet --external always --shard 2/4 &
pid=$!
until [ -e killed/outside.onnx.shards/part-0 ]; do :; done
kill -9 $pid
wait $pid 2> /dev/null
late=$(ls killed/outside.onnx.shards/done-2 2> /dev/null)
for k in 0 1 3; do shard killed always $k/4 || failed=1; done
[ -n "$late" ] || [ ! -e killed/outside.onnx ]
result "killed: the output is not there"
[ -n "$late" ] || shard killed always 2/4
same always killed
result "killed: running it again completes the output"
rm -rf killed

# refused TEXT COMMAND...: exit 2 with the text on stderr.
refused() {
    local text=$1 code
    shift
    "$@" 2> message
    code=$?
    [ $code -eq 2 ] && grep -q "$text" message
}
mkdir mixed
shard mixed always 0/3
refused "another job is under way (seed 0, here seed 1)" shard mixed always 1/3 --seed 1
result "another seed is refused"
refused "another job is under way (shards 3, here shards 4)" shard mixed always 1/4
result "another count is refused"
refused "another job is under way (rules [0-9a-f]*, here rules" shard mixed always 1/3 \
    --rule 'w0=normal(0, 1)'
result "other rules are refused"
refused "another job is under way (rules [0-9a-f]*, here rules" shard mixed always 1/3 --keep w0
result "other tensors are refused"
sed 's/Relu/Tanh/' model.text | text-to-onnx > other.onnx
refused "another job is under way (input [0-9a-f]*, here input" \
    onnx-winit other.onnx -o mixed/outside.onnx --quiet --external always --shard 1/3
result "another input is refused"
refused "another job is under way (bytes [0-9a-f]*, here bytes" \
    onnx-winit model.onnx -o mixed/outside.onnx --quiet --external never --shard 1/3
result "another form is refused"
job=mixed/outside.onnx.shards/job
sed -i.ours '1s/ [^ ]*$/ 0.0.0/' $job
refused "another job is under way (onnx-winit 0.0.0, here onnx-winit" shard mixed always 1/3
result "another version is refused"
mv $job.ours $job
refused "expected K/N" shard mixed always 3/3
result "a shard behind the last is refused"
refused "expected K/N" env -u OMPI_COMM_WORLD_RANK -u PMI_RANK -u SLURM_PROCID -u SLURM_ARRAY_TASK_ID \
    onnx-winit model.onnx -o mixed/outside.onnx --shard auto
result "auto outside of a job is refused"
shard mixed always 1/3 && shard mixed always 2/3 && same always mixed
result "and the job goes on"
refused "exists" shard mixed always 0/3
result "an output that exists is refused"
rm -rf mixed

# What the launchers leave in the environment.
launched() { # FOLDER NAME=VALUE...
    env "${@:2}" onnx-winit model.onnx -o "$1/outside.onnx" --quiet --external always --shard auto
}
mkdir slurm pmi array
launched slurm SLURM_PROCID=0 SLURM_NTASKS=2 && launched slurm SLURM_PROCID=1 SLURM_NTASKS=2 &&
    same always slurm
result "Slurm tasks"
launched pmi PMI_RANK=1 PMI_SIZE=2 && launched pmi PMI_RANK=0 PMI_SIZE=2 && same always pmi
result "PMI"
mkdir ompi
launched ompi OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2 SLURM_PROCID=0 SLURM_NTASKS=1 &&
    launched ompi OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 SLURM_PROCID=0 SLURM_NTASKS=1 &&
    same always ompi
result "mpirun in a job of Slurm"
for id in 5 3 7; do
    launched array SLURM_PROCID=0 SLURM_NTASKS=1 SLURM_ARRAY_TASK_ID=$id SLURM_ARRAY_TASK_COUNT=3 \
        SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_STEP=2 || failed=1
done
same always array
result "a Slurm array"

if ! command -v mpirun > /dev/null; then
    echo "SKIPPED: no mpirun here; nothing was launched by it" >&2
    echo "ok - shards/mpirun # SKIP no mpirun"
    exit $failed
fi
as_root=
[ "$(id -u)" -ne 0 ] || as_root=--allow-run-as-root
for ranks in 1 2 4; do
    for form in never always; do
        mkdir mpi
        mpirun -np $ranks --oversubscribe $as_root onnx-winit model.onnx -o "mpi/$(name_of $form)" \
            --quiet --external $form --shard auto && same $form mpi
        result "mpirun, $ranks ranks, $form"
        rm -rf mpi
    done
done

# One rank is killed while it writes, which ends the others; the same command completes the output.
ranks() {
    mpirun -np 2 --oversubscribe $as_root bash -c 'echo $$ > pid-$OMPI_COMM_WORLD_RANK
        exec onnx-winit model.onnx -o mpi/outside.onnx --quiet --external always --shard auto'
}
mkdir mpi
rm -f pid-1
ranks 2> /dev/null &
until [ -s pid-1 ]; do :; done
kill -9 "$(cat pid-1)"
wait $!
[ -e mpi/outside.onnx ] || ranks
same always mpi
result "mpirun, one rank killed and run again"
exit $failed
